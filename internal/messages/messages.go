// Package messages brings what the school has to say to each guardian, in the guardian's language and by the road that
// works for them, and brings the answers back into one conversation.
//
// A message is written once (Send): one row a recipient is made in the sender's transaction. Jobs then plan each
// household's letters within its attention budget (package budget), carry them by the roads (packages email, sms, push; paper
// joins the next print pack; a call is a list for a person), and keep the truth of what arrived. Answers, whatever way they
// come, become entries of a conversation. Staff pages (messagesweb), family pages (familyweb), the mail listener and the
// webhooks call it.
// Tables: messages, message_texts, recipients, files, outbox, inbound, conversations, entries, entry_texts, agreements,
// push_subscriptions.
package messages

import "brug/internal/contact"

// State is how far one recipient's letter is.
type State string

// The states. A row begins as Fresh and is planned into Waiting; what a road took is Sent, and can come further by what the
// road tells (Delivered, Bounced) and by what the guardian does (Opened, Answered).
const (
	Fresh       State = "new"         // written with the message; the budget has not been asked yet
	Waiting     State = "waiting"     // planned: goes at due_at
	Sending     State = "sending"     // a worker has it; claim says which
	Sent        State = "sent"        // the road took it (or the outbox, where the road is not configured)
	Together    State = "together"    // goes along with another letter of the same guardian (lead_id), and is Sent when that is
	OnPaper     State = "paper"       // waits for the next print pack
	OnCallList  State = "call"        // waits for a person who calls
	Delivered   State = "delivered"   // the road says that it is there
	Opened      State = "opened"      // the guardian saw it
	Answered    State = "answered"    // and answered
	Unreachable State = "unreachable" // no road was left: a task for a person
	Stopped     State = "stopped"     // the family asked for a rest: nothing goes out
	Cancelled   State = "cancelled"   // the message was called back before it went
	Dropped     State = "dropped"     // a person took it off the call list: no longer needed
)

// Source is who made the words of a text in a language.
type Source string

// The sources.
const (
	Original Source = "original" // as it was written
	Exact    Source = "exact"    // a phrase or a material: somebody wrote it in this language
	Staff    Source = "staff"    // translated or corrected by staff
	Machine  Source = "machine"  // made by a translator service: the reader is told so
)

// Side is who a conversation waits for, and who began it.
type Side string

// The sides.
const (
	OfStaff  Side = "staff"
	OfFamily Side = "family"
)

// EntryKind is what an entry of a conversation is.
type EntryKind string

// The kinds of entry.
const (
	Words    EntryKind = "text"
	Tap      EntryKind = "tap"     // body is a contact.AnswerKind
	Voice    EntryKind = "voice"   // files has the recording
	Picture  EntryKind = "photo"   // files has the photo
	Phrases  EntryKind = "phrases" // phrases has them
	Agreed   EntryKind = "agreed"  // body is the public id of an agreement
	Document EntryKind = "file"    // files has a PDF
	Refused  EntryKind = "refused" // files that were not taken: body has their names and why, as JSON
)

// Roads by which a letter can go without anybody's hand, the rest is paper and people.
var carried = []contact.Road{contact.Mail, contact.SMS, contact.Push}
