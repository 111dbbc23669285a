package reply

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const key = "3467cdfghjkmnpqr"

// bounce is a report as Postfix writes it.
const bounce = `Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: reply+3467cdfghjkmnpqr.12@brug.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon,  2 Nov 2026 09:04:00 +0100 (CET)

Final-Recipient: rfc822; fatma@example.org
Original-Recipient: rfc822;fatma@example.org
Action: ACTION
Status: STATUS
Diagnostic-Code: smtp; 550 5.1.1 <fatma@example.org>: no such user

--r
Content-Type: message/rfc822

From: De Wilg <brug@school.example>
To: fatma@example.org
Message-ID: <3467cdfghjkmnpqr.letter@school.example>
Subject: Zwemmen

Morgen gaan we zwemmen.
--r--
`

func TestReports(t *testing.T) {
	rfc := func(action, status string) string {
		return strings.NewReplacer("ACTION", action, "STATUS", status).Replace(bounce)
	}
	cases := []struct {
		name, raw string
		want      *Report
		wrong     bool
	}{
		{"no such person", rfc("failed", "5.1.1"), &Report{Key: key, Fate: Returned, Status: "5.1.1"}, true},
		{"no such domain", rfc("Failed", "5.1.2 (bad host)"), &Report{Key: key, Fate: Returned, Status: "5.1.2"}, true},
		{"the box is full", rfc("failed", "5.2.2"), &Report{Key: key, Fate: Returned, Status: "5.2.2"}, false},
		{"refused for what it says", rfc("failed", "5.7.1"), &Report{Key: key, Fate: Returned, Status: "5.7.1"}, false},
		{"given up after days", rfc("failed", "4.4.1"), &Report{Key: key, Fate: Returned, Status: "4.4.1"}, false},
		{"it waits", rfc("delayed", "4.4.1"), &Report{Key: key, Fate: Underway, Status: "4.4.1"}, false},
		{"it is there", rfc("delivered", "2.0.0"), &Report{Key: key, Fate: Brought, Status: "2.0.0"}, false},
		{"it went on to somebody who tells nothing", rfc("relayed", "2.0.0"), &Report{Key: key, Fate: Underway, Status: "2.0.0"}, false},
		{"only the head of our mail came back", strings.Replace(rfc("failed", "5.1.1"), "message/rfc822", "text/rfc822-headers", 1), &Report{Key: key, Fate: Returned, Status: "5.1.1"}, true},
		{"nothing of our mail came back", strings.Split(rfc("failed", "5.1.1"), "--r\nContent-Type: message/rfc822")[0] + "--r--\n", &Report{Fate: Returned, Status: "5.1.1"}, true},
		{"another mail than ours", strings.Replace(rfc("failed", "5.1.1"), ".letter@", "@", 1), &Report{Fate: Returned, Status: "5.1.1"}, true},
		{"somebody displayed it: no matter of ours", strings.NewReplacer("delivery-status", "disposition-notification").Replace(rfc("failed", "5.1.1")), &Report{Key: key, Fate: Underway}, false},
		{"an old server", "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: fatma@example.org\nSubject: Mail delivery failed\n\nA message that you sent could not be delivered.\n550 5.1.1 unknown\n\n------ This is a copy of the message ------\nMessage-ID: <3467cdfghjkmnpqr.letter@school.example>\n",
			&Report{Key: key, Fate: Returned, Status: "5.1.1"}, true},
		{"an old server without a code", "From: postmaster@mx.example\nSubject: failure notice\n\nuser unknown\n\nMessage-Id: <3467cdfghjkmnpqr.letter@school.example>\n", &Report{Key: key, Fate: Returned}, false},
		{"an old server that still tries", "From: postmaster@mx.example\nSubject: Warning\n\nStill trying. 4.4.1\nMessage-Id: <3467cdfghjkmnpqr.letter@school.example>\n", &Report{Key: key, Fate: Underway}, false},
		{"a person who writes of mails that did not arrive", "From: fatma@example.org\nSubject: Re\n\nUw mail could not be delivered, 5.1.1", nil, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := mustParse(t, eml(c.raw))
			if diff := cmp.Diff(c.want, m.Report); diff != "" {
				t.Fatal(diff)
			}
			if m.Report == nil {
				return
			}
			if m.Report.Wrong() != c.wrong {
				t.Errorf("the address is wrong: %v", m.Report.Wrong())
			}
			if p := m.Report.Problem(); strings.Contains(p, "fatma") || !strings.HasSuffix(p, m.Report.Status) {
				t.Errorf("problem %q", p)
			}
		})
	}
}
