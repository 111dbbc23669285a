package app

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"

	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/mail"
	"brug/internal/messages"
	"brug/internal/messages/email"
	"brug/internal/messages/inbound"
	"brug/internal/messages/push"
	"brug/internal/messages/road"
	"brug/internal/messages/sms"
	"brug/internal/messages/translator"
)

// Roads are the ways by which letters go out, beside mail, and by which answers come in. All are off unless configured, and
// lead nowhere then.
type Roads struct {
	SMS        sms.Config
	SMSCost    string // of one part, in euro: "0.08"
	Push       Push
	Translator translator.Config
	Inbound    inbound.Config
	Divert     bool // keep what roads without settings would bring, and count it as sent: for trying out
}

// Push are signs on telephones.
type Push struct {
	On      bool
	Key     string // VAPID private key; "": the file vapid.key in the data folder, made at the first start
	Contact string // whom push services may write; "": the sender of mails, else the base URL
}

// opened are the roads that are there.
type opened struct {
	carriers   map[contact.Road]road.Carrier
	mail       *email.Carrier      // nil: mails are diverted
	sms        *sms.Gateway        // nil: so are SMS
	cost       int                 // of a part, in thousandths of a euro
	pushKey    string              // public; "": there are no signs
	translator messages.Translator // nil: nobody translates
}

// close ends connections that are kept open.
func (o *opened) close() {
	if o.mail != nil {
		o.mail.Close()
	}
}

// openRoads builds what is configured, and connects to nothing. Errors name the flag of brug serve and what is wrong with it,
// without secrets.
func openRoads(c Config, base *db.DB) (*opened, error) {
	o := &opened{carriers: map[contact.Road]road.Carrier{}}
	var err error
	if c.Mail.URL != "" {
		if _, err := netmail.ParseAddress(c.Mail.From); err != nil {
			return nil, errors.New("--mail-from: the sender of mails is like Brug <brug@example.org>")
		}
		if o.mail, err = email.New(email.Config{URL: c.Mail.URL, From: c.Mail.From}); err != nil {
			return nil, fmt.Errorf("--smtp: %w", err)
		}
		o.carriers[contact.Mail] = o.mail
	}
	s := c.Roads.SMS
	s.Now = c.Now
	if s.Secret != "" {
		s.Hooks = c.BaseURL + "/hooks/sms/" + s.Secret
	}
	if o.sms, err = sms.New(s); err != nil {
		return nil, err
	}
	if o.sms != nil {
		o.carriers[contact.SMS] = o.sms
	}
	if o.cost, err = sms.ParseCost(c.Roads.SMSCost); err != nil {
		return nil, err
	}
	if c.Roads.Push.On {
		keys, err := push.OpenKeys(c.Data, c.Roads.Push.Key)
		if err != nil {
			return nil, err
		}
		p, err := push.New(push.Config{Keys: keys, Contact: pushContact(c.Roads.Push.Contact, c.Mail, c.BaseURL), DB: base, Now: c.Now, Log: c.Log})
		if err != nil {
			return nil, err
		}
		o.carriers[contact.Push], o.pushKey = p, keys.Public
	}
	t, err := translator.New(c.Roads.Translator)
	if err != nil {
		return nil, err
	}
	if t != nil {
		o.translator = t
	}
	return o, nil
}

// warnOff says by which roads nobody is reached.
func (a *App) warnOff() {
	for _, off := range []struct {
		by   contact.Road
		flag string
	}{{contact.Mail, "--smtp"}, {contact.SMS, "--sms-url"}} {
		switch {
		case a.Messages.Carriers[off.by] != nil || a.Demo:
		case a.Messages.Divert:
			a.Log.Warn("letters by this road are kept in the outbox and reach nobody (--divert)", "road", off.by, "flag", off.flag)
		default:
			a.Log.Warn("no letter goes by this road until it is configured: families get paper instead", "road", off.by, "flag", off.flag)
		}
	}
}

func pushContact(said string, m mail.Config, baseURL string) string {
	if said != "" {
		return said
	}
	if a, err := netmail.ParseAddress(m.From); err == nil {
		return a.Address
	}
	if strings.HasPrefix(baseURL, "https://") {
		return baseURL
	}
	return ""
}
