package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/jobs"

	gomail "github.com/wneessen/go-mail"
)

// Config says through which server mails go, and from whom. The zero Config diverts all mails.
type Config struct {
	// URL of the server: smtp://user:password@host:587 (STARTTLS, always), smtps://user:password@host:465, or, for a relay on
	// the same machine or network only, smtp://host:25?tls=none. User and password may be left out. "": divert.
	URL string
	// From is the sender, "Brug <brug@example.org>". Needed with a URL.
	From string
}

// Post sends what was queued, by a job.
type Post struct {
	db     *db.DB
	server func() (*gomail.Client, error) // a client holds one connection, so each mail gets its own; nil: divert
	from   *netmail.Address
}

// New makes the post and registers its job. An address that cannot be used is an error that names what is wrong with it,
// without the password.
func New(d *db.DB, r *jobs.Runner, cfg Config) (*Post, error) {
	p := &Post{db: d}
	if cfg.URL != "" {
		var err error
		if p.server, err = server(cfg.URL); err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
		if p.from, err = netmail.ParseAddress(cfg.From); err != nil {
			return nil, fmt.Errorf("mail: the sender: %w", err)
		}
		if _, err := p.server(); err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
	}
	jobs.Register(r, p.send)
	return p, nil
}

// Diverts tells whether mails are kept to be shown instead of sent.
func (p *Post) Diverts() bool { return p.server == nil }

func server(address string) (func() (*gomail.Client, error), error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the server's address is like smtp://user:password@host:587") // url's own error repeats it all
	}
	options := []gomail.Option{gomail.WithTimeout(30 * time.Second)}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case u.Scheme == "smtp" && u.Query().Get("tls") == "none":
		port = 25
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case u.Scheme == "smtp" && u.Query().Get("tls") == "":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		return nil, errors.New("the server's address begins with smtp:// or smtps://, and tls is none or left out")
	}
	if s := u.Port(); s != "" {
		if port, err = strconv.Atoi(s); err != nil {
			return nil, errors.New("the server's port is a number")
		}
	}
	options = append(options, gomail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password() // none is an empty one
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return func() (*gomail.Client, error) { return gomail.NewClient(u.Hostname(), options...) }, nil
}

// send works one job. When the program dies after the server took the mail and before that is written down, the mail goes
// out twice, with the same Message-ID.
func (p *Post) send(ctx context.Context, job sendJob) error {
	row, err := p.db.Q().Mail(ctx, job.ID)
	if db.Missing(err) {
		return jobs.GiveUp(fmt.Errorf("mail %d is not there", job.ID))
	}
	if err != nil {
		return err
	}
	if State(row.State) != Waiting {
		return nil
	}
	if p.Diverts() {
		return p.db.Write(ctx, func(tx *db.Tx) error { return tx.DivertMail(ctx, row.ID) })
	}
	problem := p.deliver(ctx, row)
	if problem == nil {
		return p.settle(ctx, row.ID, Sent, "")
	}
	if problem.final || jobs.LastTry(ctx) {
		if err := p.settle(ctx, row.ID, Failed, problem.Error()); err != nil {
			return err
		}
		return jobs.GiveUp(fmt.Errorf("mail %d: %w", row.ID, problem))
	}
	return fmt.Errorf("mail %d: %w", row.ID, problem)
}

func (p *Post) settle(ctx context.Context, number int64, s State, problem string) error {
	sent := int64(0)
	if s == Sent {
		sent = time.Now().UnixMilli()
	}
	// The mail is out: a program that is just stopping still writes that down.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return p.db.Write(ctx, func(tx *db.Tx) error {
		return tx.SettleMail(ctx, q.SettleMailParams{ID: number, State: string(s), Problem: problem, SentAt: sent})
	})
}

// problem is why a mail did not go, told without address or words of the mail, which the server's answer may repeat.
type problem struct {
	why   string
	final bool // trying again cannot mend it
}

func (p *problem) Error() string { return p.why }

func (p *Post) deliver(ctx context.Context, row q.Mail) *problem {
	m, err := p.message(row)
	if err != nil {
		return &problem{why: "the mail cannot be written", final: true}
	}
	client, err := p.server()
	if err != nil {
		return &problem{why: "the server's settings cannot be used"}
	}
	err = client.DialAndSendWithContext(ctx, m)
	var refused *gomail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.ErrorCode() != 0:
		code := strings.TrimSpace(fmt.Sprint(refused.ErrorCode(), " ", refused.EnhancedStatusCode()))
		return &problem{why: "the server answered " + code, final: !refused.IsTemp() && refused.ErrorCode() >= 500}
	case refused != nil:
		return &problem{why: "the server broke off"}
	default:
		return &problem{why: "the server cannot be reached or does not let us in"}
	}
}

func (p *Post) message(row q.Mail) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.FromFormat(p.from.Name, p.from.Address), m.To(row.ToAddr)); err != nil {
		return nil, err
	}
	_, host, _ := strings.Cut(p.from.Address, "@") // a parsed address has one
	m.SetMessageIDWithValue(row.PublicID + "@" + host)
	m.SetDateWithValue(time.UnixMilli(row.CreatedAt))
	m.Subject(row.Subject)
	m.SetGenHeader("Content-Language", row.Lang)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // keeps out-of-office answers away
	m.SetBodyString(gomail.TypeTextPlain, row.BodyText)
	if row.BodyHtml != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, row.BodyHtml)
	}
	return m, nil
}
