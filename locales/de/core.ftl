### Texte des Kerns: Einstellungen, Texte, Rechte.

settings-staff-only = Das kann nur das Team ändern.
settings-refused = Es wurde nichts geändert: { $problems }
setting-unknown = Die Einstellung `{ $key }` gibt es nicht.
setting-type = `{ $key }` hat die falsche Art, erwartet wird: { $expected }.
setting-range = `{ $key }` muss zwischen { $min } und { $max } liegen.
setting-length = `{ $key }` muss { $min } bis { $max } Zeichen haben.
setting-entries = `{ $key }` muss { $min } bis { $max } Einträge haben.
setting-blanks = `{ $key }` darf keine Leerzeichen enthalten.
setting-placeholder = `{ $key }` darf den Platzhalter { $name } nicht enthalten. Bekannt sind: { $known }
setting-choice = `{ $key }` muss eines davon sein: { $options }
setting-id = `{ $key }` muss eine Discord-ID sein.
setting-other = `{ $key }` stimmt nicht: { $must }.
setting-admin-only = `{ $key }` können nur Admins ändern.
setting-section-unknown = Diesen Abschnitt gibt es nicht.
setting-version-unknown = Diese Version gibt es nicht.
setting-changed-since = Das wurde seitdem wieder geändert: { $keys }
text-refused = Dieser Text geht nicht: { $problem }
