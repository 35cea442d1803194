# Was das Gerüst selbst sagt, gleich in welcher Funktion.

discord-fault = Hier ist etwas schiefgegangen. Es steht als `{ $id }` im Protokoll; gib das bitte dem Team, wenn es öfter vorkommt.
discord-guild-only = Das geht nur auf einem Server, nicht in Direktnachrichten.
discord-outdated-component = Das stammt aus einer älteren Version oder ist gerade abgeschaltet. Bitte benutze den Befehl noch einmal.
discord-command-gone = Diesen Befehl gibt es nicht mehr, oder er ist gerade abgeschaltet.
discord-switched-off = { $cog } ist gerade abgeschaltet.
discord-busy = Gerade beschäftigt. Bitte versuche es gleich noch einmal.
discord-staff-only = Das kann nur das Team.
discord-admin-only = Das können nur Admins.
discord-administrator-only = Das können nur Leute mit der Administrator-Berechtigung dieses Servers.
discord-foreign-guild = Dieser Bot ist nicht für diesen Server da.
discord-not-yours = Dieser Knopf ist für jemand anderen.
discord-cooldown = Nicht so schnell: Bitte warte { $seconds } s.

discord-use-slash = Bitte nimm dafür `{ $command }`.
discord-open-form = Drück den Knopf, um das Formular auszufüllen. `{ $command }` öffnet es sofort.
discord-open-form-button = Formular öffnen
discord-open-private = Drück den Knopf: Die Antwort siehst nur du. `{ $command }` tut dasselbe.
discord-open-private-button = Zeigen
discord-did-you-mean = Den Befehl „{ $typed }“ gibt es nicht. Meintest du { $command }?
discord-run-it = Ausführen
discord-unknown-command = Den Befehl „{ $typed }“ gibt es nicht. { $help } zeigt, was du tun kannst.

discord-usage = Aufruf: { $usage }
discord-example = Beispiel: { $example }
discord-option-missing = **{ $option }** fehlt.
discord-option-too-much = Das ist mehr, als der Befehl nimmt: „{ $typed }“. Setz Text mit Leerzeichen in "Anführungszeichen".
discord-option-choice = **{ $option }** kann sein: { $allowed }. „{ $typed }“ ist nichts davon.
discord-option-length = **{ $option }** muss { $allowed } Zeichen haben.
discord-option-integer = **{ $option }** muss eine ganze Zahl sein ({ $allowed }), nicht „{ $typed }“.
discord-option-number = **{ $option }** muss eine Zahl sein ({ $allowed }), nicht „{ $typed }“.
discord-option-boolean = **{ $option }** muss ja oder nein sein, nicht „{ $typed }“.
discord-option-user = **{ $option }** muss eine Person sein: erwähne sie oder gib ihre ID oder ihren Namen an. Niemand heißt „{ $typed }“.
discord-option-channel = **{ $option }** muss ein Kanal dieses Servers sein: erwähne ihn oder gib seine ID oder seinen Namen an. Keiner heißt „{ $typed }“.
discord-option-role = **{ $option }** muss eine Rolle dieses Servers sein: erwähne sie oder gib ihre ID oder ihren Namen an. Keine heißt „{ $typed }“.

discord-cog-unknown = Einen Cog namens „{ $typed }“ gibt es nicht.
discord-cog-unknown-near = Einen Cog namens „{ $typed }“ gibt es nicht. Meintest du { $nearest }?
discord-cog-protected = { $cog } wird von allem anderen gebraucht und bleibt geladen.
discord-cog-discord-only = { $cog } lässt sich nur von Discord aus entladen.
discord-cog-loaded = { $cog } ist schon geladen.
discord-cog-not-loaded = { $cog } ist nicht geladen.
discord-cog-busy = { $cog } ist beschäftigt. Bitte versuche es gleich noch einmal.
discord-cog-failed = { $cog } ist nicht gestartet: { $error }
discord-cog-not-stored = Erledigt, ließ sich aber nicht speichern: Nach einem Neustart ist es wie vorher.
