package inbound

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// box is an IMAP box that is looked into now and then. A connection for each look: a box that nobody writes to costs nothing, and
// a server that is away is asked again.
type box struct {
	in             *Inbound
	addr, folder   string
	user, password string
	after          string // "seen", "delete" or a folder
	every          time.Duration
	dial           func(addr string, o *imapclient.Options) (*imapclient.Client, error)
	tls            *tls.Config // for tests, which know their own certificate; nil: the system's

	// Mails that are not ours stay unread for whoever reads the box; so that they are not fetched at each look, their numbers are
	// kept. The numbers are good for one validity of the box.
	validity uint32
	left     map[imap.UID]bool
}

// lookTime bounds one look; batch is how many mails are taken in one.
const (
	usualEvery = time.Minute
	lookTime   = 5 * time.Minute
	batch      = 200
)

var errBoxAddress = errors.New("the box is like imaps://user:password@host/INBOX?after=delete (imap:// with STARTTLS)") // url's own error repeats the password

func newBox(in *Inbound, c Config) (*box, error) {
	u, err := url.Parse(c.IMAP)
	if err != nil || u.Hostname() == "" || u.User == nil {
		return nil, errBoxAddress
	}
	b := &box{in: in, folder: strings.Trim(u.Path, "/"), user: u.User.Username(), after: u.Query().Get("after"), every: c.Every, left: map[imap.UID]bool{}}
	b.password, _ = u.User.Password() // none is an empty one
	if b.folder == "" {
		b.folder = "INBOX"
	}
	if b.after == "" {
		b.after = "seen"
	}
	if b.every <= 0 {
		b.every = usualEvery
	}
	port := u.Port()
	switch {
	case u.Scheme == "imaps" && u.Query().Get("tls") == "":
		b.dial = imapclient.DialTLS
		if port == "" {
			port = "993"
		}
	case u.Scheme == "imap" && u.Query().Get("tls") == "":
		b.dial = imapclient.DialStartTLS
	case u.Scheme == "imap" && u.Query().Get("tls") == "none":
		b.dial = imapclient.DialInsecure
	default:
		return nil, errBoxAddress
	}
	if port == "" {
		port = "143"
	}
	b.addr = net.JoinHostPort(u.Hostname(), port)
	return b, nil
}

// watch looks until ctx ends.
func (b *box) watch(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		if err := b.look(ctx); err != nil && ctx.Err() == nil {
			b.in.Log.Error("inbound: the box", "err", err)
		}
		next.Reset(b.every)
	}
}

// Look looks into the box once, if there is one: at the start, and in tests.
func (in *Inbound) Look(ctx context.Context) error {
	if in == nil || in.box == nil {
		return nil
	}
	return in.box.look(ctx)
}

func (b *box) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	c, err := b.dial(b.addr, &imapclient.Options{Dialer: &net.Dialer{Timeout: 20 * time.Second}, TLSConfig: b.tls})
	if err != nil {
		return errors.New("cannot be reached")
	}
	defer c.Close()                                     //nolint:errcheck // after Logout there is nothing left to lose
	end := context.AfterFunc(ctx, func() { c.Close() }) //nolint:errcheck // it is to end whatever waits
	defer end()
	if err := c.Login(b.user, b.password).Wait(); err != nil {
		return errors.New("does not let us in") // the server's answer may name the user
	}
	selected, err := c.Select(b.folder, nil).Wait()
	if err != nil {
		return errors.New("has no folder of this name")
	}
	if selected.UIDValidity != b.validity {
		b.validity, b.left = selected.UIDValidity, map[imap.UID]bool{}
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen, imap.FlagDeleted}}, nil).Wait()
	if err != nil {
		return errors.New("cannot be searched")
	}
	taken := 0
	for _, uid := range found.AllUIDs() {
		if b.left[uid] {
			continue
		}
		if taken++; taken > batch || ctx.Err() != nil {
			break
		}
		if err := b.one(ctx, c, uid); err != nil {
			return err
		}
	}
	if err := c.Logout().Wait(); err != nil {
		b.in.Log.Debug("inbound: the box", "err", "did not say goodbye")
	}
	return nil
}

// one takes one mail, and does with it what is to be done with those that were taken.
func (b *box) one(ctx context.Context, c *imapclient.Client, uid imap.UID) error {
	only := imap.UIDSetNum(uid)
	sizes, err := c.Fetch(only, &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		return errors.New("broke off")
	}
	if len(sizes) == 0 {
		return nil // somebody else took it
	}
	if sizes[0].RFC822Size > maxMail {
		b.left[uid] = true
		b.in.Log.Warn("inbound: a mail in the box is too large and stays there", "bytes", sizes[0].RFC822Size)
		return nil
	}
	section := &imap.FetchItemBodySection{Peek: true}
	mails, err := c.Fetch(only, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return errors.New("broke off")
	}
	if len(mails) == 0 {
		return nil
	}
	raw := mails[0].FindBodySection(section)
	o, err := b.in.Take(ctx, nil, raw)
	if err != nil { // it stays unread, for the next look; those after it do not wait for it
		b.in.Log.Error("inbound: a mail could not be taken", "err", err)
		return nil
	}
	b.in.Log.Info("inbound: a mail", "outcome", string(o), "bytes", len(raw))
	if o == NotOurs || o == Bad {
		b.left[uid] = true
		return nil
	}
	return b.putAway(c, only)
}

func (b *box) putAway(c *imapclient.Client, only imap.UIDSet) error {
	add := func(f imap.Flag) error {
		return c.Store(only, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{f}}, nil).Close()
	}
	var err error
	switch b.after {
	case "seen":
		err = add(imap.FlagSeen)
	case "delete":
		if err = add(imap.FlagDeleted); err == nil {
			if c.Caps().Has(imap.CapUIDPlus) || c.Caps().Has(imap.CapIMAP4rev2) {
				err = c.UIDExpunge(only).Close()
			} else {
				err = c.Expunge().Close()
			}
		}
	default:
		_, err = c.Move(only, b.after).Wait()
	}
	if err != nil {
		return errors.New("does not let us put away what was taken: is there a folder of that name?")
	}
	return nil
}
