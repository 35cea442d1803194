# HazeBot aus Discord heraus betreiben: Cogs, Protokolle, API-Server, Protokollkanal.

cmd-load = load
    .description = Ein Cog laden
    .help = Richtet ein Cog aus seinen gespeicherten Einstellungen ein. Ohne Namen wählst du aus einem Menü.
    .example = Welcome
    .option-cog_name = Name des Cogs
cmd-unload = unload
    .description = Ein Cog entladen
    .help = Schaltet ein Cog ab; es bleibt auch nach einem Neustart aus. Seine Befehle verschwinden, seine Knöpfe sagen, dass es abgeschaltet ist. Ohne Namen wählst du aus einem Menü.
    .example = Welcome
    .option-cog_name = Name des Cogs
cmd-reload = reload
    .description = Ein Cog neu laden
    .help = Richtet ein Cog neu ein. Was darin läuft, wird erst fertig, Neues wartet; startet das neue nicht, läuft das alte weiter.
    .example = Welcome
    .option-cog_name = Name des Cogs
cmd-listcogs = listcogs
    .description = Alle Cogs und ihren Zustand zeigen
    .help = Zeigt, was geladen, was aus und was fehlgeschlagen ist.
cmd-logs = logs
    .description = Die letzten Protokollzeilen eines Cogs zeigen
    .help = Anzahl je Stufe und die letzten zehn Zeilen, ohne Geheimnisse. Ohne Namen wählst du aus einem Menü.
    .example = TicketSystem ERROR
    .option-cog_name = Name des Cogs
    .option-level = Nur diese Stufe und darüber
cmd-sync = sync
    .description = Die Slash-Befehle erneut an Discord senden
    .help = Die Befehle folgen von selbst, wenn ein Cog kommt oder geht; dies sendet sie auch ohne Änderung.
cmd-apistatus = apistatus
    .description = Zeigen, ob der API-Server läuft
    .help = Zeigt Adresse, offene Verbindungen und beantwortete Anfragen.
cmd-apirestart = apirestart
    .description = Den API-Server neu starten
    .help = Hält den Port offen, lässt laufende Anfragen fertig werden und sagt, wie es wirklich ausging.
cmd-togglediscordlogs = togglediscordlogs
    .description = Den Protokollkanal ein- oder ausschalten
    .help = Die Wahl überlebt einen Neustart.
cmd-testdiscordlog = testdiscordlog
    .description = Je eine Zeile jeder Stufe in den Protokollkanal schreiben
    .help = Schreibt eine Zeile Debug, Info, Warnung und Fehler, damit du sie ankommen siehst.

cogs-load-title = 📥 Cog laden
cogs-unload-title = 📤 Cog entladen
cogs-reload-title = 🔄 Cog neu laden
cogs-logs-title = 📋 Protokoll eines Cogs
cogs-load-placeholder = 📦 Cog zum Laden wählen …
cogs-unload-placeholder = 📦 Cog zum Entladen wählen …
cogs-reload-placeholder = 📦 Cog zum Neuladen wählen …
cogs-logs-placeholder = 📦 Cog wählen, dessen Protokoll du sehen willst …
cogs-available = 📋 Verfügbare Cogs
cogs-loaded-list = 📋 Geladene Cogs
cogs-protected-note = CogManager bleibt immer.
cogs-page = Seite { $page } von { $pages }
cogs-previous = Zurück
cogs-next = Weiter
cogs-nothing-to-load = ✅ Alle Cogs sind geladen.
cogs-nothing-to-unload = ✅ Es gibt nichts mehr, das entladen werden kann.
cogs-nothing-to-reload = Es gibt kein Cog, das neu geladen werden kann.
cogs-nothing-to-view = Es gibt kein Cog, dessen Protokoll gezeigt werden könnte.
cogs-not-your-menu = Nur wer den Befehl gegeben hat, darf dieses Menü benutzen.

cogs-loaded = ✅ Cog geladen!
cogs-unloaded = ✅ Cog entladen!
cogs-reloaded = ✅ Cog neu geladen!
cogs-load-failed = ❌ Laden fehlgeschlagen
cogs-unload-failed = ❌ Entladen fehlgeschlagen
cogs-reload-failed = ❌ Neuladen fehlgeschlagen
cogs-cannot-unload = ❌ Kann nicht entladen werden
cogs-cannot-reload = ❌ Kann nicht neu geladen werden
cogs-class = 📦 Cog-Klasse
cogs-file = 📄 Aus Datei
cogs-loaded-by = 👤 Geladen von
cogs-unloaded-by = 👤 Entladen von
cogs-reloaded-by = 👤 Neu geladen von
cogs-time = ⏰ Zeit
cogs-error = 🐛 Fehler
cogs-tip = 💡 Hinweis
cogs-tip-text = Suche im Protokoll nach `{ $correlation }`.
cogs-dependants = ⚠️ Gebraucht von
cogs-dependants-text = { $cogs }. Was sie von diesem Cog zeigen, sagt nun, dass es abgeschaltet ist.
cogs-api-note = ⚠️ API und Panel
cogs-api-note-text = Sie sind aus, bis das Cog aus Discord wieder geladen wird.

cogs-list-title = 🔧 Zustand der Cogs
cogs-list-loaded = Geladene Cogs
cogs-list-off = Abgeschaltete Cogs
cogs-list-failed = Fehlgeschlagene Cogs
cogs-list-none = Keine

logs-title = 📋 Protokoll: { $cog }
logs-statistics = 📊 Statistik
logs-recent = 📝 Letzte Einträge
logs-total = 💾 Einträge
logs-total-text = { $count ->
    [one] { $count } Zeile im Speicher
   *[other] { $count } Zeilen im Speicher
}
logs-none = Von diesem Cog sind keine Protokollzeilen im Speicher.
logs-unknown-level = `{ $level }` ist keine Stufe. Es gibt DEBUG, INFO, WARNING, ERROR und CRITICAL.

sync-done = 🔄 { $count ->
    [one] { $count } Slash-Befehl an Discord gesendet.
   *[other] { $count } Slash-Befehle an Discord gesendet.
}

api-status-title = 🌐 Zustand des API-Servers
api-running = ✅ Läuft auf `{ $address }`.
api-stopped = ❌ Läuft nicht.
api-connections = Offene Verbindungen
api-requests = Beantwortete Anfragen
api-since = Läuft seit
api-restarted-title = 🌐 API-Server neu gestartet
api-restart-failed-title = 🌐 API-Server nicht neu gestartet

log-channel-title = 📡 Protokollkanal
log-channel-on = ✅ Protokollzeilen gehen nach { $channel }.
log-channel-on-nowhere = ✅ Eingeschaltet, aber es ist kein Protokollkanal gesetzt. Setze zuerst `channels.log_channel_id`.
log-channel-off = ❌ Protokollzeilen gehen nicht mehr in den Protokollkanal.
log-channel-test-title = 🧪 Protokollkanal prüfen
log-channel-test = Je eine Zeile jeder Stufe wird geschrieben; sie kommen in wenigen Sekunden in { $channel } an, soweit die dort gesetzte Stufe sie durchlässt.
log-channel-test-off = Der Protokollkanal ist abgeschaltet oder nicht gesetzt. Es helfen `togglediscordlogs` und die Einstellung `channels.log_channel_id`.
