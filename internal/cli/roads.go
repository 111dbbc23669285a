package cli

import (
	"time"

	"brug/internal/app"
	"brug/internal/messages/inbound"
	"brug/internal/messages/sms"
	"brug/internal/messages/translator"
)

// roadFlags are the ways of letters beside mail, and of answers; all are off unless said. doc/operations.md has examples.
type roadFlags struct {
	SMSURL    string            `name:"sms-url" env:"BRUG_SMS_URL" placeholder:"URL" group:"SMS" help:"Gateway: twilio://SID:TOKEN@api.twilio.com?from=%2B32…, or any address with {to} and {text} in it or in the body."`
	SMSFrom   string            `name:"sms-from" env:"BRUG_SMS_FROM" placeholder:"SENDER" group:"SMS" help:"What {from} stands for: a number, or a name of at most eleven letters."`
	SMSHeader []string          `name:"sms-header" env:"BRUG_SMS_HEADER" sep:"|" placeholder:"NAME: VALUE" group:"SMS" help:"Header of the gateway's request; several are parted by |."`
	SMSBody   string            `name:"sms-body" env:"BRUG_SMS_BODY" placeholder:"TEMPLATE" group:"SMS" help:"Body with {to} or {number}, {text}, {from}, {key}: JSON, XML or a form. Without it the gateway is asked by GET."`
	SMSRef    string            `name:"sms-ref" env:"BRUG_SMS_REF" placeholder:"PATH" group:"SMS" help:"Where the answer has the gateway's number of the SMS, as messages.0.id, or body. An answer without it is a refusal."`
	SMSCost   string            `name:"sms-cost" env:"BRUG_SMS_COST" placeholder:"EURO" group:"SMS" help:"What one part costs, as 0.08: shown before sending."`
	SMSSecret string            `name:"sms-secret" env:"BRUG_SMS_SECRET" placeholder:"SECRET" group:"SMS" help:"Secret in the addresses that the gateway calls: BASE-URL/hooks/sms/SECRET/in and …/receipts."`
	SMSFields map[string]string `name:"sms-fields" env:"BRUG_SMS_FIELDS" mapsep:";" placeholder:"from=NAME;…" group:"SMS" help:"How the gateway calls from, text, id and status, where it does not use the usual names."`

	Push        bool   `name:"push" env:"BRUG_PUSH" group:"Signs on telephones" help:"Let families have a sign on their telephone (Web Push)."`
	PushKey     string `name:"push-key" env:"BRUG_PUSH_KEY" placeholder:"KEY" group:"Signs on telephones" help:"VAPID private key (default: the file vapid.key in the data folder, made at the first start)."`
	PushContact string `name:"push-contact" env:"BRUG_PUSH_CONTACT" placeholder:"ADDRESS" group:"Signs on telephones" help:"Mail address that push services may write to (default: the sender of mails)."`

	ReplyDomain   string        `name:"reply-domain" env:"BRUG_REPLY_DOMAIN" placeholder:"DOMAIN" group:"Answers by mail" help:"Domain of the addresses at which answers to letters come in."`
	InboundListen string        `name:"inbound-listen" env:"BRUG_INBOUND_LISTEN" placeholder:"URL" group:"Answers by mail" help:"Take mails in at lmtp://HOST:PORT, lmtp:///PATH (a socket) or smtp://HOST:PORT."`
	InboundCert   string        `name:"inbound-cert" env:"BRUG_INBOUND_CERT" placeholder:"FILE" group:"Answers by mail" help:"Certificate (PEM) for STARTTLS with smtp://."`
	InboundKey    string        `name:"inbound-key" env:"BRUG_INBOUND_KEY" placeholder:"FILE" group:"Answers by mail" help:"Its key (PEM)."`
	IMAP          string        `name:"imap" env:"BRUG_IMAP" placeholder:"URL" group:"Answers by mail" help:"Look into a box: imaps://user:password@host/INBOX?after=delete (or seen, or a folder)."`
	IMAPEvery     time.Duration `name:"imap-every" env:"BRUG_IMAP_EVERY" default:"1m" placeholder:"TIME" group:"Answers by mail" help:"How often. Default: ${default}."`

	Divert bool `name:"divert" env:"BRUG_DIVERT" group:"Trying out" help:"Keep letters of roads that are not configured in the outbox (brug messages outbox), and count them as sent. Without it such families get paper."`

	translatorFlags `embed:""`
}

// translatorFlags are of their own because who sends a message asks for its translation too, and not only who serves.
type translatorFlags struct {
	Translator    string `name:"translator" env:"BRUG_TRANSLATOR" placeholder:"NAME" group:"Translator" help:"Service that translates free text: libretranslate or deepl."`
	TranslatorURL string `name:"translator-url" env:"BRUG_TRANSLATOR_URL" placeholder:"URL" group:"Translator" help:"Its address; DeepL's follows from the key."`
	TranslatorKey string `name:"translator-key" env:"BRUG_TRANSLATOR_KEY" placeholder:"KEY" group:"Translator" help:"Its key."`
}

func (f *roadFlags) roads() app.Roads {
	return app.Roads{
		SMS:        sms.Config{URL: f.SMSURL, From: f.SMSFrom, Header: f.SMSHeader, Body: f.SMSBody, Ref: f.SMSRef, Secret: f.SMSSecret, Fields: f.SMSFields},
		SMSCost:    f.SMSCost,
		Push:       app.Push{On: f.Push, Key: f.PushKey, Contact: f.PushContact},
		Translator: f.translator(),
		Divert:     f.Divert,
		Inbound:    inbound.Config{Domain: f.ReplyDomain, Listen: f.InboundListen, Cert: f.InboundCert, Key: f.InboundKey, IMAP: f.IMAP, Every: f.IMAPEvery},
	}
}

func (f *translatorFlags) translator() translator.Config {
	return translator.Config{Engine: f.Translator, URL: f.TranslatorURL, Key: f.TranslatorKey}
}
