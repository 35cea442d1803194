# Help and state of the bot.

cmd-help = help
    .description = Show what you can do with HazeBot
    .help = Lists the commands that you may run. With a name it shows one command in detail.
    .example = ticket
    .option-command = Name of a command
cmd-status = status
    .description = Show how the bot is doing
    .help = Uptime, latency, members, database and cogs, measured now.

help-title = 📚 { $bot } Help
help-intro = `{ $prefix }` works in chat, `/` as a slash command. `<…>` is needed, `[…]` is not.
help-page = Page { $page } of { $pages }
help-previous = Previous
help-next = Next
help-choose = Choose a command to see more of it…
help-back = All commands
help-not-yours = Only the person who asked may turn these pages. Use /help for your own.
help-unknown = There is no command `{ $command }` that you may run.
help-unknown-suggestion = There is no command `{ $command }` that you may run. Did you mean `{ $suggestion }`?
help-usage = Usage
help-example = Example
help-aliases = Also called
help-options = Options
help-option-needed = needed
help-who = Who may run it
help-who-everyone = everyone
help-who-staff = moderators and admins
help-who-admin = admins
help-who-guild-administrator = server administrators
help-sent = 📬 I have sent you the list in a direct message.
help-dm-closed = I can't send you a direct message. Use /help: only you will see the answer.
help-category-core = ⚙️ Core
help-category-community = 👥 Community
help-category-content = 🎭 Content
help-category-gaming = 🎮 Gaming
help-category-moderation = 🛡️ Moderation
help-category-support = 🎫 Support
help-category-user = 👤 You
help-category-info = 📖 Information
help-category-productivity = ✅ Productivity
help-category-utility = 🔧 General
help-category-notifications = 🔔 Notifications
help-category-monitoring = 📊 Monitoring
help-category-other = 🧩 Other

status-title = 💖 { $bot } Status
status-line = Everything below was measured just now.
status-version = Version
status-uptime = Running since
status-latency = Gateway latency
status-latency-unknown = not measured yet
status-guild = Server
status-guild-members = { $name }
    { $members ->
        [one] one member
       *[other] { $members } members
    }
status-store = Database
status-store-ok = ✅ answers in { $millis } ms
status-store-bad = ❌ does not answer
status-queue = Waiting work
status-memory = Memory
status-cogs = 🧩 Cogs
status-cogs-loaded = { $loaded } of { $total } loaded
status-cogs-failed = ❌ Failed: { $cogs }
status-cogs-off = ⏸️ Off: { $cogs }
