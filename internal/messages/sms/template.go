package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
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

// The placeholders of a template. Each value is escaped for where it stands: in an address, a form, JSON or XML.
//
//	{to}      the number with its plus: +32470123456
//	{number}  the same without the plus
//	{text}    what the SMS says
//	{from}    the sender, as configured
//	{key}     our number for this SMS, the same on every try: for gateways that send nothing twice
var placeholders = []string{"to", "number", "text", "from", "key"}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// escape writes a value so that it stays one value where it stands.
type escape func(string) string

// inURL is fit for a path and for a query.
func inURL(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string is always JSON
	}
	return string(b[1 : len(b)-1])
}

func inXML(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}

// inHeader lets nothing through that could begin another header.
func inHeader(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
}

// fill puts the values of an SMS into a template.
func fill(template string, m message, e escape) string {
	return placeholder.ReplaceAllStringFunc(template, func(p string) string {
		switch p {
		case "{to}":
			return e(m.to)
		case "{number}":
			return e(strings.TrimPrefix(m.to, "+"))
		case "{text}":
			return e(m.text)
		case "{from}":
			return e(m.from)
		}
		return e(m.key)
	})
}

// check finds placeholders that there are not; where is the flag with this part of the template.
func check(where, template string) error {
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		if !slices.Contains(placeholders, m[1]) {
			return fmt.Errorf("%s has {%s}, and there are only {%s}", where, m[1], strings.Join(placeholders, "}, {"))
		}
	}
	return nil
}

// template makes requests of a template.
func (g *Gateway) template(c Config) error {
	// A host may not come out of a letter.
	base, _, _ := strings.Cut(c.URL, "?")
	host := strings.SplitN(base, "/", 4)
	if len(host) > 2 && placeholder.MatchString(host[2]) {
		return errors.New("--sms-url: the gateway's host has no placeholders")
	}
	if _, err := gateway.Address(fill(c.URL, message{}, inURL)); err != nil {
		return fmt.Errorf("--sms-url: %w", err)
	}
	headers := http.Header{}
	for _, line := range c.Header {
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(name, " \t{}") {
			return errors.New("--sms-header: a header of the gateway is like Authorization: Bearer …")
		}
		headers.Add(name, strings.TrimSpace(value))
		if err := check("--sms-header: "+name, value); err != nil {
			return err
		}
	}
	if err := errors.Join(check("--sms-url: the address", c.URL), check("--sms-body: the body", c.Body)); err != nil {
		return err
	}
	all := c.URL + c.Body
	if !strings.Contains(all, "{text}") || !strings.Contains(all, "{to}") && !strings.Contains(all, "{number}") {
		return errors.New("--sms-url, --sms-body: neither the gateway's address nor its body says where {to} and {text} stand")
	}
	if c.From == "" && strings.Contains(all, "{from}") {
		return errors.New("--sms-from: the gateway wants a sender, {from}: say which")
	}
	e, kind, err := bodyEscape(headers.Get("Content-Type"), c.Body)
	if err != nil {
		return err
	}
	g.request = func(ctx context.Context, m message) (*http.Request, error) {
		m.from = c.From
		method := http.MethodGet
		if c.Body != "" {
			method = http.MethodPost
		}
		req, err := http.NewRequestWithContext(ctx, method, fill(c.URL, m, inURL), strings.NewReader(fill(c.Body, m, e)))
		if err != nil {
			return nil, err
		}
		if c.Body != "" {
			req.Header.Set("Content-Type", kind)
		}
		for name, values := range headers {
			for _, v := range values {
				req.Header.Set(name, fill(v, m, inHeader))
			}
		}
		return req, nil
	}
	g.answer = func(status int, body []byte) road.Result {
		ref, found := findRef(c.Ref, body)
		switch {
		case status == http.StatusForbidden, status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
			// The key or the address of the gateway: wrong for everybody until a person sees to it. A wrong number is a 400 or a 422.
			return road.Result{Problem: fmt.Sprintf("the gateway answered %d", status), Wait: 10 * time.Minute}
		case status/100 != 2:
			return road.Result{Problem: fmt.Sprintf("the gateway answered %d", status), Final: true}
		case c.Ref != "" && !found:
			// Many gateways say 200 and then, in the body, no.
			return road.Result{Problem: "the gateway's answer has no number of its own", Final: true}
		}
		return road.Result{Taken: true, Ref: ref}
	}
	return nil
}

// bodyEscape is how values stand in a body, by its type, else by its first sign.
func bodyEscape(kind, body string) (escape, string, error) {
	begins := strings.TrimSpace(body)
	switch {
	case kind == "" && strings.HasPrefix(begins, "{") && !placeholder.MatchString(begins[:min(len(begins), 8)]), kind == "" && strings.HasPrefix(begins, "["):
		kind = "application/json"
	case kind == "" && strings.HasPrefix(begins, "<"):
		kind = "application/xml; charset=utf-8"
	case kind == "":
		kind = "application/x-www-form-urlencoded"
	}
	switch {
	case strings.Contains(kind, "json"):
		if !json.Valid([]byte(fill(body, message{}, inJSON))) {
			return nil, "", errors.New("--sms-body: the gateway's body is no JSON when its placeholders are filled in: they stand within quotes, \"{to}\"")
		}
		return inJSON, kind, nil
	case strings.Contains(kind, "xml"):
		return inXML, kind, nil
	case strings.Contains(kind, "x-www-form-urlencoded"):
		return inURL, kind, nil
	}
	return nil, "", errors.New("--sms-body: the gateway's body is JSON, XML or a form, and its Content-Type says which")
}

// usualRefs are where gateways put their own number for an SMS.
var usualRefs = []string{"sid", "messageId", "message_id", "message-id", "id", "messages.0.messageId", "messages.0.message-id", "messages.0.id", "data.id", "data.0.id", "data.messages.0.id", "result.id"}

// findRef looks for the gateway's number in its answer; where is a path, body for all of it, or "" for the usual places.
func findRef(where string, body []byte) (ref string, found bool) {
	if where == "body" {
		ref = strings.TrimSpace(string(body))
		return short(ref)
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return "", false
	}
	paths := usualRefs
	if where != "" {
		paths = []string{where}
	}
	for _, p := range paths {
		if ref, found = short(at(v, strings.Split(p, "."))); found {
			return ref, true
		}
	}
	return "", false
}

// at is the text or number at a path; "" if there is none.
func at(v any, path []string) string {
	for _, step := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(x) {
				return ""
			}
			v = x[n]
		default:
			return ""
		}
	}
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}

// short leaves out what can be no number of an SMS.
func short(ref string) (string, bool) {
	if ref == "" || len(ref) > 128 || strings.ContainsFunc(ref, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", false
	}
	return ref, true
}
