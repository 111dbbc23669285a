// Package inbound takes mails in, by SMTP or LMTP from a mail server, or out of a box by IMAP: answers of guardians, and what
// servers report of our letters.
//
// What a mail says and who it is for is read by package reply; package messages keeps it (Incoming, Delivered, Bounced).
// Package app starts and stops it. A mail that is for nobody is answered with nothing and counted, never kept: who guesses
// addresses learns nothing, and nobody gets an answer to what somebody else wrote in their name. Table: inbound, the same
// mail once, whatever way it comes and however often.
package inbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/messages"
	"brug/internal/messages/email"
	"brug/internal/messages/reply"
	"brug/internal/secret"
)

// Config says where mails come in. Without Listen and IMAP none do.
type Config struct {
	Domain string // of the reply addresses; needed with Listen or IMAP

	// Listen is where our own mail server hands mails over: lmtp://127.0.0.1:8024, lmtp:///run/brug/lmtp.sock, or
	// smtp://0.0.0.0:25 for a domain whose mails come to Brug itself.
	Listen    string
	Cert, Key string // files in PEM, for STARTTLS with smtp://

	// IMAP is a box to look into: imaps://user:password@host/INBOX?after=delete. after is what is done with a mail that was
	// taken: seen (the usual), delete, or the name of a folder that it is moved to.
	IMAP  string
	Every time.Duration // how often; 0: a minute
}

// Parts are what the mails are for.
type Parts struct {
	Messages *messages.Service
	Secrets  *secret.Keys
	DB       *db.DB
	Now      func() time.Time
	Log      *slog.Logger
}

// Outcome is what became of a mail, for the count and the log.
type Outcome string

// The outcomes.
const (
	Answer   Outcome = "answer"   // it stands in a conversation
	Again    Outcome = "again"    // it was here before
	Auto     Outcome = "auto"     // a program wrote it
	Unknown  Outcome = "unknown"  // no such reply address, or one that is not heard any more
	Bad      Outcome = "bad"      // no mail at all
	Returned Outcome = "returned" // a letter of ours came back
	Brought  Outcome = "brought"  // a letter of ours is there
	Told     Outcome = "told"     // a report that changes nothing
	NotOurs  Outcome = "not ours" // for no address of our domain: left where it is
)

// Inbound takes mails in.
type Inbound struct {
	Parts
	domain string
	server *server // nil: none
	box    *box    // nil: none

	cancel context.CancelFunc
	work   sync.WaitGroup
}

// New checks a Config, and connects to nothing yet; nil where no mails come in. The error names the flag of brug serve and says
// what is wrong with it, without passwords.
func New(c Config, p Parts) (*Inbound, error) {
	if c.Listen == "" && (c.Cert != "" || c.Key != "") {
		return nil, errors.New("--inbound-cert, --inbound-key: there is no listener, --inbound-listen, that the certificate is for")
	}
	if c.Listen == "" && c.IMAP == "" {
		if c.Domain != "" {
			return nil, errors.New("--reply-domain: there is a domain for answers, and neither a listener (--inbound-listen) nor a box (--imap) where they come in")
		}
		return nil, nil
	}
	c.Domain = strings.ToLower(strings.TrimSpace(c.Domain))
	if !strings.Contains(c.Domain, ".") || strings.ContainsAny(c.Domain, "@/: ") {
		return nil, errors.New("--reply-domain: the domain of reply addresses is like brug.example.org")
	}
	in := &Inbound{Parts: p, domain: c.Domain}
	var err error
	if c.Listen != "" {
		if in.server, err = newServer(in, c); err != nil {
			return nil, err
		}
	}
	if c.IMAP != "" {
		if in.box, err = newBox(in, c); err != nil {
			return nil, fmt.Errorf("--imap: %w", err)
		}
	}
	return in, nil
}

// Start listens and looks until Stop. An address that cannot be listened at is an error.
func (in *Inbound) Start(ctx context.Context) error {
	if in == nil {
		return nil
	}
	ctx, in.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if in.server != nil {
		if err := in.server.listen(); err != nil {
			in.cancel()
			return fmt.Errorf("--inbound-listen: %w", err)
		}
		in.work.Go(in.server.serve)
	}
	if in.box != nil {
		in.work.Go(func() { in.box.watch(ctx) })
	}
	return nil
}

// Stop takes no new mails, and waits for those that are being taken.
func (in *Inbound) Stop() error {
	if in == nil || in.cancel == nil {
		return nil
	}
	in.cancel()
	var err error
	if in.server != nil {
		err = in.server.stop()
	}
	in.work.Wait()
	return err
}

// Take takes one mail. to are the addresses that a server brought it to; nil: those of its head. An error is worth another try;
// whatever is wrong with the mail itself is an outcome.
func (in *Inbound) Take(ctx context.Context, to []string, raw []byte) (out Outcome, err error) {
	m, err := in.parse(raw)
	if err != nil {
		return Bad, in.count(ctx, key("", raw, ""), Bad)
	}
	if to == nil {
		to = m.To
	}
	ids, ours := in.addressed(to)
	switch {
	case m.Report != nil:
		return in.report(ctx, ids, m, raw)
	case !ours:
		return NotOurs, nil
	case m.Auto != "" || strings.HasSuffix(m.From, "@"+in.domain) && strings.HasPrefix(m.From, "reply+"): // the last: our own letter, come round
		return Auto, in.count(ctx, key(m.ID, raw, ""), Auto)
	case len(ids) == 0 && guessed(to):
		return Unknown, in.count(ctx, key(m.ID, raw, ""), Unknown)
	case len(ids) == 0:
		if answers, _ := in.addressed(m.To); len(answers) > 0 { // a copy: the answer itself comes to its own address
			return Again, nil
		}
		return in.unasked(ctx, m, raw)
	}
	out = Unknown
	for _, recipient := range ids {
		o, err := in.answer(ctx, recipient, m, raw)
		if err != nil {
			return o, err
		}
		if out == Unknown || o == Answer {
			out = o
		}
	}
	return out, nil
}

// parse reads a mail. The libraries that read it meet what nobody thought of: a mail that breaks them is a bad mail, and no end.
func (in *Inbound) parse(raw []byte) (m reply.Mail, err error) {
	defer func() {
		if p := recover(); p != nil {
			in.Log.Error("inbound: a mail broke its reader", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = errors.New("inbound: a mail broke its reader")
		}
	}()
	return reply.Parse(raw)
}

// most is to how many letters one mail answers at most.
const most = 5

// addressed finds whom addresses mean: the public ids in reply addresses of ours, and whether any is at our domain at all.
func (in *Inbound) addressed(to []string) (ids []string, ours bool) {
	seen := map[string]bool{}
	for _, a := range to {
		ours = ours || strings.HasSuffix(strings.ToLower(strings.TrimSpace(a)), "@"+in.domain)
		if one, ok := email.ParseReplyAddress(in.Secrets, a, in.domain); ok && !seen[one] && len(ids) < most {
			seen[one] = true
			ids = append(ids, one)
		}
	}
	return ids, ours
}

// guessed tells whether an address looks like one for answers: one that is none of ours is of somebody who tries.
func guessed(to []string) bool {
	return slices.ContainsFunc(to, func(a string) bool { return strings.HasPrefix(strings.ToLower(strings.TrimSpace(a)), "reply+") })
}

// unasked gives on what a guardian wrote to our domain and not to a reply address: by the address of the sender.
func (in *Inbound) unasked(ctx context.Context, m reply.Mail, raw []byte) (Outcome, error) {
	k := key(m.ID, raw, "")
	fresh, err := in.Messages.IncomingUnasked(ctx, m.From, messages.Reply{Road: contact.Mail, Text: m.Text, Files: uploads(m), Key: k, At: in.Now()})
	switch {
	case errs.Is(err, errs.NotFound):
		return Unknown, in.count(ctx, k, Unknown)
	case err != nil:
		return "", err
	case !fresh:
		return Again, nil
	}
	return Answer, nil
}

func uploads(m reply.Mail) []messages.Upload {
	files := make([]messages.Upload, len(m.Files))
	for i, f := range m.Files {
		files[i] = messages.Upload{Name: f.Name, Data: f.Data}
	}
	return files
}

// answer gives one guardian's words on.
func (in *Inbound) answer(ctx context.Context, recipient string, m reply.Mail, raw []byte) (Outcome, error) {
	k := key(m.ID, raw, recipient)
	row, err := in.DB.Q().RecipientOfLetter(ctx, recipient)
	if db.Missing(err) {
		return Unknown, in.count(ctx, k, Unknown)
	}
	if err != nil {
		return "", err
	}
	fresh, err := in.Messages.Incoming(ctx, messages.Reply{SchoolID: row.SchoolID, Recipient: recipient, Road: contact.Mail, Text: m.Text, Files: uploads(m), Key: k, At: in.Now()})
	switch {
	case errs.Is(err, errs.NotFound):
		return Unknown, in.count(ctx, k, Unknown)
	case err != nil:
		return "", err
	case !fresh:
		return Again, nil
	}
	return Answer, nil
}

// report writes down what a server told of a letter: of the one whose reply address it was sent to, else of the one whose
// Message-ID it names.
func (in *Inbound) report(ctx context.Context, ids []string, m reply.Mail, raw []byte) (Outcome, error) {
	ref := m.Report.Key
	if len(ids) > 0 {
		ref = ids[0]
	}
	if ref == "" {
		if len(ids) == 0 && len(m.To) > 0 {
			if _, ours := in.addressed(m.To); !ours {
				return NotOurs, nil
			}
		}
		return Unknown, in.count(ctx, key(m.ID, raw, ""), Unknown)
	}
	k := key(m.ID, raw, ref)
	n, err := in.DB.Q().HasInbound(ctx, k)
	if err != nil || n > 0 {
		return Again, err
	}
	out := Told
	switch m.Report.Fate {
	case reply.Returned:
		out, err = Returned, in.Messages.Bounced(ctx, contact.Mail, ref, m.Report.Problem(), m.Report.Wrong())
	case reply.Brought:
		out, err = Brought, in.Messages.Delivered(ctx, contact.Mail, ref)
	}
	if errs.Is(err, errs.NotFound) {
		out, err = Unknown, nil
	}
	if err != nil {
		return "", err
	}
	return out, in.count(ctx, k, out)
}

// key is what a mail is known by, for one of those it was sent to: the number that its sender gave it, else all of it.
func key(messageID string, raw []byte, recipient string) string {
	if messageID == "" {
		messageID = id.Hash(string(raw))
	}
	return id.Hash("mail\x00" + messageID + "\x00" + recipient)
}

// count notes that something came, and what became of it: nothing of what it said.
func (in *Inbound) count(ctx context.Context, key string, o Outcome) error {
	return in.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.AddInbound(ctx, q.AddInboundParams{Key: key, Road: string(contact.Mail), Outcome: string(o), At: in.Now().UnixMilli()})
		return err
	})
}
