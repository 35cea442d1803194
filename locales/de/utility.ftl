# Hilfe und Zustand des Bots.

cmd-help = help
    .description = Zeigen, was du mit HazeBot tun kannst
    .help = Zeigt die Befehle, die du benutzen darfst. Mit einem Namen zeigt es einen Befehl genauer.
    .example = ticket
    .option-command = Name eines Befehls
cmd-status = status
    .description = Zeigen, wie es dem Bot geht
    .help = Laufzeit, Latenz, Mitglieder, Datenbank und Cogs, jetzt gemessen.

help-title = 📚 Hilfe zu { $bot }
help-intro = `{ $prefix }` geht im Chat, `/` als Slash-Befehl. `<…>` ist nötig, `[…]` nicht.
help-page = Seite { $page } von { $pages }
help-previous = Zurück
help-next = Weiter
help-choose = Wähle einen Befehl, um mehr zu sehen …
help-back = Alle Befehle
help-not-yours = Nur wer gefragt hat, darf hier blättern. Mit /help bekommst du deine eigene Hilfe.
help-unknown = Es gibt keinen Befehl `{ $command }`, den du benutzen darfst.
help-unknown-suggestion = Es gibt keinen Befehl `{ $command }`, den du benutzen darfst. Meinst du `{ $suggestion }`?
help-usage = Aufruf
help-example = Beispiel
help-aliases = Heißt auch
help-options = Angaben
help-option-needed = nötig
help-who = Wer darf
help-who-everyone = alle
help-who-staff = Moderation und Admins
help-who-admin = Admins
help-who-guild-administrator = Server-Administratoren
help-sent = 📬 Ich habe dir die Liste als Direktnachricht geschickt.
help-dm-closed = Ich kann dir keine Direktnachricht schicken. Nimm /help: die Antwort siehst nur du.
help-category-core = ⚙️ Kern
help-category-community = 👥 Gemeinschaft
help-category-content = 🎭 Inhalte
help-category-gaming = 🎮 Spiele
help-category-moderation = 🛡️ Moderation
help-category-support = 🎫 Hilfe vom Team
help-category-user = 👤 Du
help-category-info = 📖 Auskunft
help-category-productivity = ✅ Aufgaben
help-category-utility = 🔧 Allgemein
help-category-notifications = 🔔 Mitteilungen
help-category-monitoring = 📊 Überwachung
help-category-other = 🧩 Sonstiges

status-title = 💖 Zustand von { $bot }
status-line = Alles hier wurde gerade eben gemessen.
status-version = Version
status-uptime = Läuft seit
status-latency = Latenz des Gateways
status-latency-unknown = noch nicht gemessen
status-guild = Server
status-guild-members = { $name }
    { $members ->
        [one] ein Mitglied
       *[other] { $members } Mitglieder
    }
status-store = Datenbank
status-store-ok = ✅ antwortet in { $millis } ms
status-store-bad = ❌ antwortet nicht
status-queue = Wartende Arbeit
status-memory = Speicher
status-cogs = 🧩 Cogs
status-cogs-loaded = { $loaded } von { $total } geladen
status-cogs-failed = ❌ Fehlgeschlagen: { $cogs }
status-cogs-off = ⏸️ Aus: { $cogs }
