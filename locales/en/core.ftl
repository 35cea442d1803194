### Texts of the core: settings, texts, rights.

settings-staff-only = Only staff can change this.
settings-refused = That was not changed: { $problems }
setting-unknown = There is no setting `{ $key }`.
setting-type = `{ $key }` must be { $expected }.
setting-range = `{ $key }` must be between { $min } and { $max }.
setting-length = `{ $key }` must have { $min } to { $max } characters.
setting-entries = `{ $key }` must have { $min } to { $max } entries.
setting-blanks = `{ $key }` must not hold blanks.
setting-placeholder = `{ $key }` must not hold the placeholder { $name }. Known are: { $known }
setting-choice = `{ $key }` must be one of: { $options }
setting-id = `{ $key }` must be an id of Discord.
setting-other = `{ $key }` must { $must }.
setting-admin-only = Only admins can change `{ $key }`.
setting-section-unknown = There is no such section.
setting-version-unknown = There is no such version.
setting-changed-since = This was changed again since: { $keys }
text-refused = That text cannot be used: { $problem }
