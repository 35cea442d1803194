# Running HazeBot from Discord: cogs, logs, API server, log channel.

cmd-load = load
    .description = Load a cog
    .help = Sets a cog up from its stored settings. Without a name you choose from a menu.
    .example = Welcome
    .option-cog_name = Name of the cog
cmd-unload = unload
    .description = Unload a cog
    .help = Switches a cog off; it stays off after a restart. Its commands go, its buttons answer that it is switched off. Without a name you choose from a menu.
    .example = Welcome
    .option-cog_name = Name of the cog
cmd-reload = reload
    .description = Reload a cog
    .help = Sets a cog up anew. What runs in it finishes first, what is new waits; if the new one does not start, the old one goes on.
    .example = Welcome
    .option-cog_name = Name of the cog
cmd-listcogs = listcogs
    .description = Show all cogs and their state
    .help = Lists what is loaded, what is off and what failed.
cmd-logs = logs
    .description = Show the latest log lines of a cog
    .help = Counts by level and the last ten lines, without secrets. Without a name you choose from a menu.
    .example = TicketSystem ERROR
    .option-cog_name = Name of the cog
    .option-level = Only this level and above
cmd-sync = sync
    .description = Send the slash commands to Discord again
    .help = The commands follow by themselves whenever a cog comes or goes; this sends them even if nothing changed.
cmd-apistatus = apistatus
    .description = Show whether the API server runs
    .help = Shows address, open connections and answered requests.
cmd-apirestart = apirestart
    .description = Restart the API server
    .help = Keeps the port open, lets running requests finish and tells how it really ended.
cmd-togglediscordlogs = togglediscordlogs
    .description = Switch the log channel on or off
    .help = The choice outlives a restart.
cmd-testdiscordlog = testdiscordlog
    .description = Write one line of each level to the log channel
    .help = Writes a debug, info, warning and error line, so that you see them arrive.

cogs-load-title = 📥 Load Cog
cogs-unload-title = 📤 Unload Cog
cogs-reload-title = 🔄 Reload Cog
cogs-logs-title = 📋 View Cog Logs
cogs-load-placeholder = 📦 Select a cog to load…
cogs-unload-placeholder = 📦 Select a cog to unload…
cogs-reload-placeholder = 📦 Select a cog to reload…
cogs-logs-placeholder = 📦 Select a cog to view its logs…
cogs-available = 📋 Available Cogs
cogs-loaded-list = 📋 Loaded Cogs
cogs-protected-note = CogManager always stays.
cogs-page = Page { $page } of { $pages }
cogs-previous = Previous
cogs-next = Next
cogs-nothing-to-load = ✅ Every cog is loaded.
cogs-nothing-to-unload = ✅ There is nothing left that can be unloaded.
cogs-nothing-to-reload = There is no cog that can be reloaded.
cogs-nothing-to-view = There is no cog whose logs could be shown.
cogs-not-your-menu = Only the person who called the command may use this menu.

cogs-loaded = ✅ Cog Loaded Successfully!
cogs-unloaded = ✅ Cog Unloaded Successfully!
cogs-reloaded = ✅ Cog Reloaded Successfully!
cogs-load-failed = ❌ Load Failed
cogs-unload-failed = ❌ Unload Failed
cogs-reload-failed = ❌ Reload Failed
cogs-cannot-unload = ❌ Cannot Unload
cogs-cannot-reload = ❌ Cannot Reload
cogs-class = 📦 Cog Class
cogs-file = 📄 From File
cogs-loaded-by = 👤 Loaded by
cogs-unloaded-by = 👤 Unloaded by
cogs-reloaded-by = 👤 Reloaded by
cogs-time = ⏰ Time
cogs-error = 🐛 Error
cogs-tip = 💡 Tip
cogs-tip-text = Search the logs for `{ $correlation }`.
cogs-dependants = ⚠️ Needed by
cogs-dependants-text = { $cogs }. What they show of this cog says that it is switched off.
cogs-api-note = ⚠️ API and panel
cogs-api-note-text = They are off until the cog is loaded again from Discord.

cogs-list-title = 🔧 Cog Status
cogs-list-loaded = Loaded Cogs
cogs-list-off = Disabled Cogs
cogs-list-failed = Failed Cogs
cogs-list-none = None

logs-title = 📋 Logs: { $cog }
logs-statistics = 📊 Statistics
logs-recent = 📝 Recent Entries
logs-total = 💾 Total Entries
logs-total-text = { $count ->
    [one] { $count } line kept in memory
   *[other] { $count } lines kept in memory
}
logs-none = No log lines of this cog are kept in memory.
logs-unknown-level = `{ $level }` is no level. Use DEBUG, INFO, WARNING, ERROR or CRITICAL.

sync-done = 🔄 { $count ->
    [one] { $count } slash command sent to Discord.
   *[other] { $count } slash commands sent to Discord.
}

api-status-title = 🌐 API Server Status
api-running = ✅ Running on `{ $address }`.
api-stopped = ❌ Not running.
api-connections = Open connections
api-requests = Answered requests
api-since = Running since
api-restarted-title = 🌐 API Server Restarted
api-restart-failed-title = 🌐 API Server Not Restarted

log-channel-title = 📡 Discord Logging
log-channel-on = ✅ Log lines go to { $channel }.
log-channel-on-nowhere = ✅ Switched on, but no log channel is set. Set `channels.log_channel_id` first.
log-channel-off = ❌ Log lines no longer go to the log channel.
log-channel-test-title = 🧪 Testing Discord Logging
log-channel-test = One line of each level is written; they arrive in { $channel } within a few seconds, as far as the level that is set there lets them through.
log-channel-test-off = The log channel is switched off, or not set. Use `togglediscordlogs` and the setting `channels.log_channel_id`.
