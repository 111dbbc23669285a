package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"brug/internal/messages/gateway"
	"brug/internal/messages/road"
)

var accountSID = regexp.MustCompile(`^[A-Za-z0-9-]{2,64}$`)

// twilio makes requests of Twilio's shape, which others offer too: POST …/2010-04-01/Accounts/SID/Messages.json with a form.
func (g *Gateway) twilio(c Config) error {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.User == nil {
		return errors.New("--sms-url: the gateway's address is like twilio://SID:TOKEN@api.twilio.com?from=%2B32…") // url's own error repeats the token
	}
	sid := u.User.Username()
	token, has := u.User.Password()
	if !has || token == "" || !accountSID.MatchString(sid) {
		return errors.New("--sms-url: the gateway's address has no SID:TOKEN before the @")
	}
	from := strings.TrimSpace(u.Query().Get("from"))
	if from == "" {
		from = c.From
	}
	// A plus in an address that nobody wrote as %2B reads as a space.
	if strings.HasPrefix(u.Query().Get("from"), " ") {
		from = "+" + from
	}
	if from == "" {
		return errors.New("--sms-url: the gateway wants a sender: ?from=%2B32… in its address, a name, or the SID of a messaging service")
	}
	scheme := "https"
	switch u.Query().Get("tls") {
	case "":
	case "none":
		scheme = "http"
	default:
		return errors.New("--sms-url: the gateway's address: tls is none or left out")
	}
	to := scheme + "://" + u.Host + strings.TrimSuffix(u.Path, "/") + "/2010-04-01/Accounts/" + sid + "/Messages.json"
	if _, err := gateway.Address(to); err != nil {
		return fmt.Errorf("--sms-url: %w", err)
	}
	g.token = token
	g.request = func(ctx context.Context, m message) (*http.Request, error) {
		form := url.Values{"To": {m.to}, "Body": {m.text}}
		if strings.HasPrefix(from, "MG") && len(from) == 34 {
			form.Set("MessagingServiceSid", from)
		} else {
			form.Set("From", from)
		}
		if c.Hooks != "" && c.Secret != "" {
			form.Set("StatusCallback", c.Hooks+"/receipts")
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		req.SetBasicAuth(sid, token)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "application/json")
		return req, nil
	}
	g.answer = twilioAnswer
	return nil
}

// twilioAnswer reads https://www.twilio.com/docs/messaging/api/message-resource and the codes of
// https://www.twilio.com/docs/api/errors.
func twilioAnswer(status int, body []byte) road.Result {
	var a struct {
		SID      string      `json:"sid"`
		Segments string      `json:"num_segments"`
		Code     json.Number `json:"code"`
	}
	if err := json.Unmarshal(body, &a); err != nil && status/100 == 2 {
		return road.Result{Taken: true} // it was taken, whatever was said of it
	}
	if status/100 == 2 {
		parts, err := strconv.Atoi(a.Segments)
		if err != nil || parts < 0 || parts > 20 {
			parts = 0
		}
		ref, _ := short(a.SID)
		return road.Result{Taken: true, Ref: ref, Parts: parts}
	}
	r := road.Result{Problem: fmt.Sprintf("the gateway answered %d", status), Final: true}
	if a.Code != "" {
		r.Problem += " code " + a.Code.String()
	}
	switch a.Code {
	case "21211", "21214", "21217", "21614": // no number, or none that gets an SMS
		r.Address = true
	case "21610": // this person told the gateway to stop
		r.Address = true
	case "21212", "21603", "21606", "21659", "21660": // the sender: wrong for everybody until a person sees to it
		r.Final, r.Wait = false, 10*time.Minute
	case "21611", "14107": // too many wait
		r.Final, r.Wait = false, 10*time.Minute
	}
	if status == http.StatusForbidden && a.Code == "" {
		r.Final, r.Wait = false, 10*time.Minute
	}
	return r
}

// twilioProblem tells of a receipt's error code whether the number itself is wrong.
func twilioProblem(code string) (address bool) {
	return slices.Contains([]string{"30005", "30006", "21610", "21614", "21211"}, code) // unknown, landline, stopped, not a mobile, no number
}

// Signed tells whether a request comes from the Twilio whose token we have: HMAC-SHA1 of the address as it called it, followed
// by the form's fields in the order of their names; a JSON body's digest stands in the address as bodySHA256.
func (g *Gateway) Signed(address, signature string, form url.Values, body []byte) bool {
	mac := hmac.New(sha1.New, []byte(g.token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			mac.Write([]byte(name + v))
		}
	}
	if !hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(signature)) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if want := u.Query().Get("bodySHA256"); want != "" || len(form) == 0 && len(body) > 0 {
		sum := sha256.Sum256(body)
		return hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(strings.ToLower(want)))
	}
	return true
}

// Signs tells whether this gateway signs what it sends to the hooks.
func (g *Gateway) Signs() bool { return g.token != "" }
