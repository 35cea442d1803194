# Texts of the tickets feature. Values in braces are filled in; times are shown in the reader's own zone.

cmd-ticket =
    .description = 🎫 Create a new ticket.
    .help = Opens a private channel in which you talk to the staff. Choose a type, then say what it is about.
    .example = /ticket type:Support
    .option-type = What kind of ticket

cmd-ticket-note =
    .description = 📝 Write a note on this ticket that only staff see.
    .help = The note stands in the panel, never in the channel and never in the transcript.
    .option-text = What to remember

cmd-ticket-priority =
    .description = 🔼 Say how soon this ticket wants an answer.
    .example = high
    .option-level = How soon
    .choice-level-low = Low
    .choice-level-normal = Normal
    .choice-level-high = High
    .choice-level-urgent = Urgent

cmd-ticket-tag =
    .description = 🏷️ Put a tag on this ticket.
    .help = Tags are words that staff sort tickets by; only staff see them.
    .example = billing
    .option-tag = A word; blanks become dashes

cmd-ticket-untag =
    .description = 🏷️ Take a tag off this ticket.
    .example = billing
    .option-tag = One of its tags

cmd-ticket-add =
    .description = ➕ Let somebody else into this ticket.
    .example = @finn
    .option-person = Who

cmd-ticket-remove =
    .description = ➖ Take somebody out of this ticket.
    .example = @finn
    .option-person = Who was added

cmd-ticket-reply =
    .description = 💬 Send one of the canned replies into this ticket.
    .help = Canned replies are written in the panel. Words such as {"{"}creator{"}"} are filled in.
    .example = thanks
    .option-name = Which one

cmd-ticket-transfer =
    .description = 🔀 Give this ticket another type, for others to work on.
    .example = Bug
    .option-type = Its new type

cmd-ticket-assign =
    .description = 📋 Give this ticket to a staff member.
    .example = @mara
    .option-person = To whom

cmd-ticket-askclose =
    .description = ❓ Ask whether this ticket may be closed.
    .help = Its creator is asked. It closes by itself after that time unless they keep it open or write something.
    .example = 24
    .option-hours = Hours until it closes by itself

ticket-menu-title = 🎫 Ticket System
ticket-menu-text = Choose what your ticket is about. You then fill in a short form, and a private channel is opened for you and the staff.
ticket-menu-commands = Commands
ticket-menu-placeholder = Choose the ticket type…
ticket-menu-open = Open a ticket

ticket-form-title = Create Ticket
ticket-form-subject = Subject
ticket-form-subject-hint = Brief title for your ticket
ticket-form-subject-example = I can't see the meme channel
ticket-form-description = Description
ticket-form-description-hint = Detailed explanation
ticket-form-description-example = Since yesterday the channel is hidden for me. I have tried to …

ticket-opened-reply = Your ticket #{ $number } has been opened: { $channel }
ticket-opened = { $creator }, your ticket has been opened!
ticket-announce = { $roles } New ticket #{ $number } created by { $creator }.
ticket-announce-plain = New ticket #{ $number } created by { $creator }.
ticket-please-wait = An admin or moderator will handle your request soon. You can add details, pictures and files here.
    Tip: turn on notifications for this channel so that you don't miss the answer.

ticket-embed-title = 🎫 Ticket #{ $number }
ticket-embed-type = **Type:** { $type }
ticket-embed-status = **Status:** { $status }
ticket-embed-creator = **Creator:** { $creator }
ticket-embed-handler = Handler
ticket-embed-assigned = Assigned to
ticket-embed-subject = Subject
ticket-embed-deleted = Is deleted
ticket-embed-priority = Priority
ticket-embed-people = Added
ticket-embed-closes = Closes

ticket-status-open = Open
ticket-status-claimed = Claimed
ticket-status-closed = Closed

ticket-button-claim = Claim
ticket-button-unclaim = Release
ticket-button-assign = Assign
ticket-button-status = Status
ticket-button-close = Close
ticket-button-reopen = Reopen
ticket-button-delete = Delete
ticket-button-agree = Close it
ticket-button-keep = Keep it open
ticket-button-comment = Add a comment

ticket-priority-low = Low
ticket-priority-normal = Normal
ticket-priority-high = High
ticket-priority-urgent = Urgent

ticket-line-claimed = 🎫 **Ticket claimed by { $name }**
ticket-line-unclaimed = 🎫 **Ticket released by { $name }**
ticket-line-assigned = 👤 **Ticket assigned to { $user }**
ticket-line-closed = 🔒 **Ticket closed by { $name }.** The channel is read-only for its creator now.
ticket-line-closed-deletion = It will be deleted { $when }.
ticket-line-closing-message = **Closing message:** { $message }
ticket-line-reopened = 🔓 **Ticket has been reopened!** (reopening { $count } of { $max })
ticket-line-added = ➕ { $name } has added { $user } to this ticket.
ticket-line-removed = ➖ { $name } has removed { $user } from this ticket.
ticket-line-transferred = 🔀 { $name } has given this ticket the type **{ $type }**.
ticket-line-asked = { $creator } ❓ { $name } asks whether this ticket may be closed. It closes { $when } unless you keep it open or write something.
ticket-line-kept = ✋ { $name } keeps this ticket open.
ticket-line-inactive = { $creator } 💤 Nothing has been written here for a while. This ticket closes { $when } unless somebody writes.
ticket-line-escalated = { $role } ⏰ Nobody has answered this ticket for { $minutes } minutes.
ticket-line-closed-unanswered = 🔒 **Ticket closed: nobody objected.** The channel is read-only for its creator now.
ticket-line-closed-inactive = 🔒 **Ticket closed: it was inactive.** The channel is read-only for its creator now.
ticket-line-rate = { $creator } ⭐ How was it? Please rate this ticket.

ticket-claimed-reply = You have claimed ticket #{ $number }.
ticket-unclaimed-reply = You have released ticket #{ $number }.
ticket-assign-choose = Whom shall ticket #{ $number } be assigned to?
ticket-assign-placeholder = Choose a staff member…
ticket-assigned-reply = Ticket #{ $number } is assigned to { $user }.
ticket-close-title = Close ticket #{ $number }
ticket-close-message = Closing message
ticket-close-message-hint = Optional; the creator gets it by direct message.
ticket-closed-reply = Ticket #{ $number } is closed.
ticket-reopened-reply = Ticket #{ $number } is open again.
ticket-delete-confirm = Delete ticket #{ $number } with its channel? The transcript is kept in the transcript channel if one is set.
ticket-delete-yes = Delete for good
ticket-deleted-reply = Ticket #{ $number } is being deleted.
ticket-noted-reply = Noted. Staff read it in the panel.
ticket-priority-reply = Ticket #{ $number } has the priority { $priority }.
ticket-tagged-reply = Tags of ticket #{ $number }: { $tags }
ticket-untagged-reply = Ticket #{ $number } has no tags.
ticket-added-reply = { $user } is in ticket #{ $number } now.
ticket-removed-reply = { $user } is no longer in ticket #{ $number }.
ticket-canned-reply = Sent.
ticket-transferred-reply = Ticket #{ $number } is of the type { $type } now.
ticket-asked-reply = The creator of ticket #{ $number } is asked. It closes { $when } unless they object.
ticket-kept-reply = Ticket #{ $number } stays open.
ticket-rated-reply = Thank you! { $stars } You can change this within a week.
ticket-commented-reply = Thank you, the team reads it.

ticket-transcript-title = 🎫 Ticket #{ $number } - Transcript
ticket-transcript-type = Type
ticket-transcript-creator = Creator
ticket-transcript-status = Status
ticket-transcript-messages = Messages
ticket-transcript-closing = Closing Message
ticket-transcript-opened = Opened
ticket-transcript-closed = Closed
ticket-transcript-edited = edited
ticket-transcript-staff = Team
ticket-transcript-no-text = (no text)
ticket-transcript-file = File
ticket-transcript-file-missing = not kept
ticket-transcript-text = The conversation is in the attached files.

ticket-mail-subject = { $guild }: ticket #{ $number } ({ $type }) of { $creator }

ticket-dm-title = Ticket #{ $number } closed
ticket-dm-text = Your ticket “{ $subject }” in { $guild } has been closed.
ticket-rate-ask = How was it?
ticket-rate-ask-hint = Press the stars that it deserves.
ticket-rate-title = Your rating
ticket-rate-comment = What went well, what didn't?
ticket-rate-comment-hint = Optional; the team reads it.

ticket-creator-left = The creator of this ticket has left the server.

# Refusals
ticket-unknown = This is no ticket, or it no longer exists.
ticket-not-allowed = You are not allowed to do that with this ticket.
ticket-not-yours = You can only write in your own tickets.
ticket-is-closed = This ticket is closed.
ticket-already-closed = This ticket is already closed.
ticket-not-closed = This ticket is already open.
ticket-already-claimed = This ticket is already claimed by { $claimer }.
ticket-not-claimed = Nobody has claimed this ticket.
ticket-claim-first = This ticket must be claimed first.
ticket-reopened-too-often = This ticket cannot be reopened more than { $max } times. Please open a new one.
ticket-changed = This ticket was changed by somebody else just now. Please look again.
ticket-assignee-unknown = This person is not in the server.
ticket-assignee-not-staff = Only staff members can be assigned.
ticket-no-staff = There is no staff member whom the ticket could be assigned to.
ticket-claim-for-other = You can only claim tickets for yourself.
ticket-fields-missing = Please fill in type, subject and description.
ticket-unknown-type = There is no such type of ticket. Choose one of: { $types }
ticket-subject-length = The subject has to have 3 to 100 characters.
ticket-description-length = The description has to have 10 to 2000 characters.
ticket-too-soon = You can only create one ticket per hour. Please wait { $minutes } more minutes.
ticket-too-many-open = You already have { $max } open tickets. Please close one first.
ticket-too-soon-of-type = You opened a ticket of this type not long ago. Please wait { $minutes } more minutes.
ticket-too-many-of-type = You already have { $max } open tickets of type { $type }. Please close one first.
ticket-outside-hours = Tickets of this type can be opened again <t:{ $when }:f>.
ticket-answer-missing = Please answer: { $question }
ticket-answer-unknown = Please choose one of the given answers: { $question }
ticket-answer-too-long = Your answer can have { $max } characters at most: { $question }
ticket-not-a-member = You are not in this server.
ticket-message-empty = Please write something.
ticket-message-too-long = A message can have { $max } characters at most.
ticket-close-message-too-long = The closing message can have { $max } characters at most.
ticket-no-category = Tickets are not set up yet: no category is set for them.
ticket-no-category-staff = Tickets are not set up yet: set `channels.tickets_category_id` to a category that the bot can see, in the panel under Settings → Channels.
ticket-guild-full = The server has reached Discord's limit of channels, so no ticket can be opened. Please tell the staff.
ticket-no-permission = The bot lacks a permission that it needs here (Manage Channels and Manage Roles). Please tell an admin.
ticket-not-opened = Your ticket could not be opened because Discord did not answer as expected. Nothing was left behind; please try again.
ticket-channel-gone = The channel of this ticket no longer exists.
ticket-not-sent = Discord did not take the message. Please try again.
ticket-file-unknown = There is no such file in this ticket.
ticket-file-coming = The file is still being copied. Please try again in a moment.
ticket-file-too-large = The file was not kept: it is larger than the limit of this server.
ticket-file-full = The file was not kept: the room for files of tickets was used up.
ticket-file-gone = The file was not kept: Discord no longer had it.
ticket-file-failed = The file could not be copied.
ticket-file-removed = The file was removed after the time for which files are kept.

# Panels
ticket-panel-unknown = There is no such panel any more.
ticket-panel-title = A panel's title has to have 1 to 200 characters.
ticket-panel-text = A panel's text can have 2000 characters at most.
ticket-panel-channel = A panel needs a text channel of this server.
ticket-panels-full = A server can have { $max } panels at most.
ticket-panel-channel-gone = Its channel no longer exists. Choose another one.
ticket-panel-forbidden = The bot may not write there. Give it “View Channel”, “Send Messages” and “Embed Links” in this channel and save the panel again.
ticket-panel-refused = Discord did not take it. Check the emoji of the types and save the panel again.
ticket-not-here = This command works in a ticket's channel. Please use it there.
ticket-not-asked = Nobody asks to close this ticket any more.
ticket-tag-length = A tag has 1 to { $max } letters or digits.
ticket-too-many-tags = A ticket can have { $max } tags at most. Please take one off first.
ticket-note-length = A note has 1 to { $max } characters.
ticket-too-many-notes = This ticket has { $max } notes already. Please delete one in the panel first.
ticket-note-unknown = This note no longer exists.
ticket-person-unknown = This person is not in the server.
ticket-person-bot = Bots can't be added to tickets.
ticket-takes-part-already = This person is in the ticket already.
ticket-too-many-people = A ticket can have { $max } added people at most. Please remove one first.
ticket-creator-stays = Whoever opened a ticket can't be removed from it.
ticket-takes-no-part = This person was not added to the ticket.
ticket-canned-name = A name has 1 to { $max } letters or digits.
ticket-canned-text = A canned reply has 1 to { $max } characters.
ticket-canned-unknown = There is no canned reply of this name. Staff write them in the panel.
ticket-too-many-canned = There are { $max } canned replies already. Please delete one first.
ticket-same-type = This ticket is of the type { $type } already.
ticket-ask-hours = Please choose between 1 and 720 hours.
ticket-rate-not-yours = Only whoever opened a ticket can rate it.
ticket-rate-open = A ticket can be rated once it is closed.
ticket-rate-final = This rating can't be changed any more: it is older than a week.
