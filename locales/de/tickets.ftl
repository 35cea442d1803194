# Texte der Tickets. Werte in Klammern werden eingesetzt; Zeiten erscheinen in der Zone des Lesers.

cmd-ticket =
    .description = 🎫 Ein neues Ticket erstellen.
    .help = Öffnet einen privaten Kanal, in dem du mit dem Team sprichst. Wähle eine Art und schreib, worum es geht.
    .example = /ticket type:Support
    .option-type = Art des Tickets

cmd-ticket-note =
    .description = 📝 Eine Notiz zu diesem Ticket schreiben, die nur das Team sieht.
    .help = Die Notiz steht im Panel, nie im Kanal und nie im Protokoll.
    .option-text = Was zu merken ist

cmd-ticket-priority =
    .description = 🔼 Sagen, wie bald dieses Ticket eine Antwort braucht.
    .example = high
    .option-level = Wie bald
    .choice-level-low = Niedrig
    .choice-level-normal = Normal
    .choice-level-high = Hoch
    .choice-level-urgent = Dringend

cmd-ticket-tag =
    .description = 🏷️ Diesem Ticket ein Schlagwort geben.
    .help = Nach Schlagwörtern ordnet das Team die Tickets; nur das Team sieht sie.
    .example = zahlung
    .option-tag = Ein Wort; Leerzeichen werden zu Strichen

cmd-ticket-untag =
    .description = 🏷️ Ein Schlagwort von diesem Ticket nehmen.
    .example = zahlung
    .option-tag = Eines seiner Schlagwörter

cmd-ticket-add =
    .description = ➕ Noch jemanden in dieses Ticket holen.
    .example = @finn
    .option-person = Wer

cmd-ticket-remove =
    .description = ➖ Jemanden aus diesem Ticket nehmen.
    .example = @finn
    .option-person = Wer hinzugefügt wurde

cmd-ticket-reply =
    .description = 💬 Eine der vorbereiteten Antworten in dieses Ticket senden.
    .help = Vorbereitete Antworten entstehen im Panel. Wörter wie {"{"}creator{"}"} werden eingesetzt.
    .example = danke
    .option-name = Welche

cmd-ticket-transfer =
    .description = 🔀 Diesem Ticket eine andere Art geben, damit sich andere darum kümmern.
    .example = Bug
    .option-type = Seine neue Art

cmd-ticket-assign =
    .description = 📋 Dieses Ticket jemandem aus dem Team zuweisen.
    .example = @mara
    .option-person = Wem

cmd-ticket-askclose =
    .description = ❓ Fragen, ob dieses Ticket geschlossen werden kann.
    .help = Gefragt wird, wer es erstellt hat. Nach dieser Zeit schließt es von selbst, wenn niemand widerspricht oder etwas schreibt.
    .example = 24
    .option-hours = Stunden, bis es von selbst schließt

ticket-menu-title = 🎫 Ticketsystem
ticket-menu-text = Wähle, worum es in deinem Ticket geht. Danach füllst du ein kurzes Formular aus, und ein privater Kanal wird für dich und das Team geöffnet.
ticket-menu-commands = Befehle
ticket-menu-placeholder = Art des Tickets wählen…
ticket-menu-open = Ticket öffnen

ticket-form-title = Ticket erstellen
ticket-form-subject = Betreff
ticket-form-subject-hint = Kurzer Titel für dein Ticket
ticket-form-subject-example = Ich sehe den Meme-Kanal nicht
ticket-form-description = Beschreibung
ticket-form-description-hint = Ausführliche Erklärung
ticket-form-description-example = Seit gestern ist der Kanal für mich verschwunden. Ich habe versucht, …

ticket-opened-reply = Dein Ticket #{ $number } ist offen: { $channel }
ticket-opened = { $creator }, dein Ticket ist offen!
ticket-announce = { $roles } Neues Ticket #{ $number } von { $creator }.
ticket-announce-plain = Neues Ticket #{ $number } von { $creator }.
ticket-please-wait = Jemand aus dem Team kümmert sich bald darum. Du kannst hier Einzelheiten, Bilder und Dateien ergänzen.
    Tipp: Schalte die Benachrichtigungen dieses Kanals ein, damit du die Antwort nicht verpasst.

ticket-embed-title = 🎫 Ticket #{ $number }
ticket-embed-type = **Art:** { $type }
ticket-embed-status = **Status:** { $status }
ticket-embed-creator = **Erstellt von:** { $creator }
ticket-embed-handler = Bearbeitet von
ticket-embed-assigned = Zugewiesen an
ticket-embed-subject = Betreff
ticket-embed-deleted = Wird gelöscht
ticket-embed-priority = Priorität
ticket-embed-people = Hinzugefügt
ticket-embed-closes = Wird geschlossen

ticket-status-open = Offen
ticket-status-claimed = In Bearbeitung
ticket-status-closed = Geschlossen

ticket-button-claim = Übernehmen
ticket-button-unclaim = Zurückgeben
ticket-button-assign = Zuweisen
ticket-button-status = Status
ticket-button-close = Schließen
ticket-button-reopen = Wieder öffnen
ticket-button-delete = Löschen
ticket-button-agree = Schließen
ticket-button-keep = Offen lassen
ticket-button-comment = Etwas dazu sagen

ticket-priority-low = Niedrig
ticket-priority-normal = Normal
ticket-priority-high = Hoch
ticket-priority-urgent = Dringend

ticket-line-claimed = 🎫 **{ $name } hat das Ticket übernommen**
ticket-line-unclaimed = 🎫 **{ $name } hat das Ticket zurückgegeben**
ticket-line-assigned = 👤 **Das Ticket ist { $user } zugewiesen**
ticket-line-closed = 🔒 **{ $name } hat das Ticket geschlossen.** Wer es erstellt hat, kann den Kanal nur noch lesen.
ticket-line-closed-deletion = Der Kanal wird { $when } gelöscht.
ticket-line-closing-message = **Nachricht zum Abschluss:** { $message }
ticket-line-reopened = 🔓 **Das Ticket ist wieder offen!** (zum { $count }. von { $max } Malen)
ticket-line-added = ➕ { $name } hat { $user } in dieses Ticket geholt.
ticket-line-removed = ➖ { $name } hat { $user } aus diesem Ticket genommen.
ticket-line-transferred = 🔀 { $name } hat diesem Ticket die Art **{ $type }** gegeben.
ticket-line-asked = { $creator } ❓ { $name } fragt, ob dieses Ticket geschlossen werden kann. Es schließt { $when }, wenn du es nicht offen lässt oder etwas schreibst.
ticket-line-kept = ✋ { $name } lässt dieses Ticket offen.
ticket-line-inactive = { $creator } 💤 Hier wurde länger nichts geschrieben. Dieses Ticket schließt { $when }, wenn niemand etwas schreibt.
ticket-line-escalated = { $role } ⏰ Seit { $minutes } Minuten hat niemand in diesem Ticket geantwortet.
ticket-line-closed-unanswered = 🔒 **Das Ticket ist geschlossen: Niemand hat widersprochen.** Wer es erstellt hat, kann den Kanal nur noch lesen.
ticket-line-closed-inactive = 🔒 **Das Ticket ist geschlossen: Es war inaktiv.** Wer es erstellt hat, kann den Kanal nur noch lesen.
ticket-line-rate = { $creator } ⭐ Wie war es? Bitte bewerte dieses Ticket.

ticket-claimed-reply = Du hast Ticket #{ $number } übernommen.
ticket-unclaimed-reply = Du hast Ticket #{ $number } zurückgegeben.
ticket-assign-choose = Wem soll Ticket #{ $number } zugewiesen werden?
ticket-assign-placeholder = Jemanden aus dem Team wählen…
ticket-assigned-reply = Ticket #{ $number } ist { $user } zugewiesen.
ticket-close-title = Ticket #{ $number } schließen
ticket-close-message = Nachricht zum Abschluss
ticket-close-message-hint = Freiwillig; sie geht als Direktnachricht an die Person, die das Ticket erstellt hat.
ticket-closed-reply = Ticket #{ $number } ist geschlossen.
ticket-reopened-reply = Ticket #{ $number } ist wieder offen.
ticket-delete-confirm = Ticket #{ $number } mitsamt Kanal löschen? Das Protokoll bleibt im Protokollkanal, falls einer gesetzt ist.
ticket-delete-yes = Endgültig löschen
ticket-deleted-reply = Ticket #{ $number } wird gelöscht.
ticket-noted-reply = Notiert. Das Team liest es im Panel.
ticket-priority-reply = Ticket #{ $number } hat die Priorität { $priority }.
ticket-tagged-reply = Schlagwörter von Ticket #{ $number }: { $tags }
ticket-untagged-reply = Ticket #{ $number } hat keine Schlagwörter.
ticket-added-reply = { $user } ist jetzt in Ticket #{ $number }.
ticket-removed-reply = { $user } ist nicht mehr in Ticket #{ $number }.
ticket-canned-reply = Gesendet.
ticket-transferred-reply = Ticket #{ $number } hat jetzt die Art { $type }.
ticket-asked-reply = Wer Ticket #{ $number } erstellt hat, wird gefragt. Es schließt { $when }, wenn niemand widerspricht.
ticket-kept-reply = Ticket #{ $number } bleibt offen.
ticket-rated-reply = Danke! { $stars } Du kannst das eine Woche lang ändern.
ticket-commented-reply = Danke, das Team liest es.

ticket-transcript-title = 🎫 Ticket #{ $number } - Protokoll
ticket-transcript-type = Art
ticket-transcript-creator = Erstellt von
ticket-transcript-status = Status
ticket-transcript-messages = Nachrichten
ticket-transcript-closing = Nachricht zum Abschluss
ticket-transcript-opened = Geöffnet
ticket-transcript-closed = Geschlossen
ticket-transcript-edited = bearbeitet
ticket-transcript-staff = Team
ticket-transcript-no-text = (kein Text)
ticket-transcript-file = Datei
ticket-transcript-file-missing = nicht aufbewahrt
ticket-transcript-text = Das Gespräch steht in den angehängten Dateien.

ticket-mail-subject = { $guild }: Ticket #{ $number } ({ $type }) von { $creator }

ticket-dm-title = Ticket #{ $number } geschlossen
ticket-dm-text = Dein Ticket „{ $subject }“ in { $guild } wurde geschlossen.
ticket-rate-ask = Wie war es?
ticket-rate-ask-hint = Drück so viele Sterne, wie es verdient.
ticket-rate-title = Deine Bewertung
ticket-rate-comment = Was war gut, was nicht?
ticket-rate-comment-hint = Freiwillig; das Team liest es.

ticket-creator-left = Die Person, die dieses Ticket erstellt hat, hat den Server verlassen.

# Ablehnungen
ticket-unknown = Das ist kein Ticket, oder es gibt es nicht mehr.
ticket-not-allowed = Das darfst du mit diesem Ticket nicht.
ticket-not-yours = Du kannst nur in deinen eigenen Tickets schreiben.
ticket-is-closed = Dieses Ticket ist geschlossen.
ticket-already-closed = Dieses Ticket ist schon geschlossen.
ticket-not-closed = Dieses Ticket ist schon offen.
ticket-already-claimed = Dieses Ticket hat schon { $claimer } übernommen.
ticket-not-claimed = Niemand hat dieses Ticket übernommen.
ticket-claim-first = Dieses Ticket muss zuerst übernommen werden.
ticket-reopened-too-often = Dieses Ticket kann nicht öfter als { $max }-mal wieder geöffnet werden. Bitte öffne ein neues.
ticket-changed = Dieses Ticket hat gerade jemand anderes geändert. Bitte sieh noch einmal nach.
ticket-assignee-unknown = Diese Person ist nicht auf dem Server.
ticket-assignee-not-staff = Tickets können nur dem Team zugewiesen werden.
ticket-no-staff = Es gibt niemanden im Team, dem das Ticket zugewiesen werden könnte.
ticket-claim-for-other = Du kannst Tickets nur selbst übernehmen.
ticket-fields-missing = Bitte gib Art, Betreff und Beschreibung an.
ticket-unknown-type = Diese Art von Ticket gibt es nicht. Wähle eine von: { $types }
ticket-subject-length = Der Betreff muss 3 bis 100 Zeichen haben.
ticket-description-length = Die Beschreibung muss 10 bis 2000 Zeichen haben.
ticket-too-soon = Du kannst nur ein Ticket pro Stunde erstellen. Bitte warte noch { $minutes } Minuten.
ticket-too-many-open = Du hast schon { $max } offene Tickets. Bitte schließe zuerst eines.
ticket-too-soon-of-type = Du hast erst vor Kurzem ein Ticket dieser Art eröffnet. Bitte warte noch { $minutes } Minuten.
ticket-too-many-of-type = Du hast schon { $max } offene Tickets der Art { $type }. Bitte schließe erst eines.
ticket-outside-hours = Tickets dieser Art können wieder ab <t:{ $when }:f> eröffnet werden.
ticket-answer-missing = Bitte beantworte: { $question }
ticket-answer-unknown = Bitte wähle eine der vorgegebenen Antworten: { $question }
ticket-answer-too-long = Deine Antwort darf höchstens { $max } Zeichen haben: { $question }
ticket-not-a-member = Du bist nicht auf diesem Server.
ticket-message-empty = Bitte schreib etwas.
ticket-message-too-long = Eine Nachricht kann höchstens { $max } Zeichen haben.
ticket-close-message-too-long = Die Nachricht zum Abschluss kann höchstens { $max } Zeichen haben.
ticket-no-category = Tickets sind noch nicht eingerichtet: Es ist keine Kategorie für sie gesetzt.
ticket-no-category-staff = Tickets sind noch nicht eingerichtet: Setze `channels.tickets_category_id` auf eine Kategorie, die der Bot sieht, im Panel unter Einstellungen → Kanäle.
ticket-guild-full = Der Server hat Discords Höchstzahl an Kanälen erreicht, darum kann kein Ticket geöffnet werden. Bitte sag dem Team Bescheid.
ticket-no-permission = Dem Bot fehlt hier ein Recht (Kanäle verwalten und Rollen verwalten). Bitte sag einem Admin Bescheid.
ticket-not-opened = Dein Ticket konnte nicht geöffnet werden, weil Discord nicht wie erwartet geantwortet hat. Es ist nichts zurückgeblieben; bitte versuch es noch einmal.
ticket-channel-gone = Den Kanal dieses Tickets gibt es nicht mehr.
ticket-not-sent = Discord hat die Nachricht nicht angenommen. Bitte versuch es noch einmal.
ticket-file-unknown = Diese Datei gibt es in diesem Ticket nicht.
ticket-file-coming = Die Datei wird noch kopiert. Bitte versuch es gleich noch einmal.
ticket-file-too-large = Die Datei wurde nicht aufbewahrt: Sie ist größer, als dieser Server erlaubt.
ticket-file-full = Die Datei wurde nicht aufbewahrt: Der Platz für Dateien von Tickets war aufgebraucht.
ticket-file-gone = Die Datei wurde nicht aufbewahrt: Discord hatte sie nicht mehr.
ticket-file-failed = Die Datei konnte nicht kopiert werden.
ticket-file-removed = Die Datei wurde nach der Zeit entfernt, für die Dateien aufbewahrt werden.

# Panels
ticket-panel-unknown = Dieses Panel gibt es nicht mehr.
ticket-panel-title = Der Titel eines Panels muss 1 bis 200 Zeichen haben.
ticket-panel-text = Der Text eines Panels darf höchstens 2000 Zeichen haben.
ticket-panel-channel = Ein Panel braucht einen Textkanal dieses Servers.
ticket-panels-full = Ein Server kann höchstens { $max } Panels haben.
ticket-panel-channel-gone = Sein Kanal existiert nicht mehr. Wähle einen anderen.
ticket-panel-forbidden = Der Bot darf dort nicht schreiben. Gib ihm in diesem Kanal „Kanal ansehen“, „Nachrichten senden“ und „Links einbetten“ und speichere das Panel erneut.
ticket-panel-refused = Discord hat es nicht angenommen. Prüfe die Emojis der Arten und speichere das Panel erneut.
ticket-not-here = Dieser Befehl wirkt im Kanal eines Tickets. Bitte benutze ihn dort.
ticket-not-asked = Niemand will dieses Ticket mehr schließen.
ticket-tag-length = Ein Schlagwort hat 1 bis { $max } Buchstaben oder Ziffern.
ticket-too-many-tags = Ein Ticket kann höchstens { $max } Schlagwörter haben. Bitte nimm zuerst eines weg.
ticket-note-length = Eine Notiz hat 1 bis { $max } Zeichen.
ticket-too-many-notes = Dieses Ticket hat schon { $max } Notizen. Bitte lösche zuerst eine im Panel.
ticket-note-unknown = Diese Notiz gibt es nicht mehr.
ticket-person-unknown = Diese Person ist nicht auf dem Server.
ticket-person-bot = Bots können nicht in Tickets geholt werden.
ticket-takes-part-already = Diese Person ist schon in dem Ticket.
ticket-too-many-people = In ein Ticket passen höchstens { $max } hinzugefügte Personen. Bitte nimm zuerst eine heraus.
ticket-creator-stays = Wer ein Ticket geöffnet hat, kann nicht herausgenommen werden.
ticket-takes-no-part = Diese Person wurde nicht in das Ticket geholt.
ticket-canned-name = Ein Name hat 1 bis { $max } Buchstaben oder Ziffern.
ticket-canned-text = Eine vorbereitete Antwort hat 1 bis { $max } Zeichen.
ticket-canned-unknown = Eine vorbereitete Antwort mit diesem Namen gibt es nicht. Das Team schreibt sie im Panel.
ticket-too-many-canned = Es gibt schon { $max } vorbereitete Antworten. Bitte lösche zuerst eine.
ticket-same-type = Dieses Ticket hat schon die Art { $type }.
ticket-ask-hours = Bitte wähle zwischen 1 und 720 Stunden.
ticket-rate-not-yours = Nur wer ein Ticket erstellt hat, kann es bewerten.
ticket-rate-open = Ein Ticket lässt sich bewerten, sobald es geschlossen ist.
ticket-rate-final = Diese Bewertung ist älter als eine Woche und lässt sich nicht mehr ändern.
