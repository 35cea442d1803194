# What the framework itself says, whatever the feature.

discord-fault = Something went wrong here. It has been logged as `{ $id }`; please give that to the team if it keeps happening.
discord-guild-only = This works on a server only, not in direct messages.
discord-outdated-component = This is from an older version or is switched off right now. Please use the command again.
discord-command-gone = This command is gone or is switched off right now.
discord-switched-off = { $cog } is switched off right now.
discord-busy = Busy right now. Please try again in a moment.
discord-staff-only = Only the team can do that.
discord-admin-only = Only admins can do that.
discord-administrator-only = Only people with the Administrator permission of this server can do that.
discord-foreign-guild = This bot is not here for this server.
discord-not-yours = This button is for somebody else.
discord-cooldown = Not so fast: please wait { $seconds } s.

discord-use-slash = Please use `{ $command }` for that.
discord-open-form = Press the button to fill in the form. `{ $command }` opens it at once.
discord-open-form-button = Open the form
discord-open-private = Press the button: only you will see the answer. `{ $command }` does the same.
discord-open-private-button = Show
discord-did-you-mean = There is no command “{ $typed }”. Did you mean { $command }?
discord-run-it = Run it
discord-unknown-command = There is no command “{ $typed }”. { $help } shows what you can do.

discord-usage = Usage: { $usage }
discord-example = Example: { $example }
discord-option-missing = **{ $option }** is missing.
discord-option-too-much = That is more than the command takes: “{ $typed }”. Put text with spaces in "quotes".
discord-option-choice = **{ $option }** can be: { $allowed }. “{ $typed }” is none of these.
discord-option-length = **{ $option }** must have { $allowed } characters.
discord-option-integer = **{ $option }** must be a whole number ({ $allowed }), not “{ $typed }”.
discord-option-number = **{ $option }** must be a number ({ $allowed }), not “{ $typed }”.
discord-option-boolean = **{ $option }** must be yes or no, not “{ $typed }”.
discord-option-user = **{ $option }** must be a person: mention them, or give their id or name. Nobody is called “{ $typed }”.
discord-option-channel = **{ $option }** must be a channel of this server: mention it, or give its id or name. None is called “{ $typed }”.
discord-option-role = **{ $option }** must be a role of this server: mention it, or give its id or name. None is called “{ $typed }”.

discord-cog-unknown = There is no cog called “{ $typed }”.
discord-cog-unknown-near = There is no cog called “{ $typed }”. Did you mean { $nearest }?
discord-cog-protected = { $cog } is needed by everything else and stays loaded.
discord-cog-discord-only = { $cog } can be unloaded from Discord only.
discord-cog-loaded = { $cog } is loaded already.
discord-cog-not-loaded = { $cog } is not loaded.
discord-cog-busy = { $cog } is busy. Please try again in a moment.
discord-cog-failed = { $cog } did not start: { $error }
discord-cog-not-stored = Done, but it could not be stored: after a restart it will be as before.
