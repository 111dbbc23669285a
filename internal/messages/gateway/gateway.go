// Package gateway is what services behind an HTTP address have in common: time limits, sizes, waiting as they ask for.
//
// Packages sms, push and translator call it. It owns no tables. Its errors never repeat an address: a number, a key or a
// secret may stand in it.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxAnswer is how much of an answer is read, in bytes.
const MaxAnswer = 1 << 20

// errAnswer is an answer that is no use: cut off, or longer than any honest one.
var errAnswer = errors.New("the answer is cut off or too long")

// Client is an HTTP client that gives up after patience, and follows no redirect: that would bring what was sent to somebody
// else. guard, if set, is asked before each connection for the resolved address.
func Client(patience time.Duration, guard func(netip string) error) *http.Client {
	dial := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 8, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 64 << 10}
	t.DialContext = dial.DialContext
	if guard != nil {
		t.Proxy = nil // a proxy would resolve names past the guard
		t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			return guarded(ctx, dial, guard, network, addr)
		}
	}
	return Strict(&http.Client{Timeout: patience, Transport: t})
}

// Strict is the client without redirects.
func Strict(c *http.Client) *http.Client {
	strict := *c
	strict.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &strict
}

// guarded resolves a name once, asks for each address, and connects to what it asked for.
func guarded(ctx context.Context, dial *net.Dialer, guard func(string) error, network, addr string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	ips, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return nil, err
	}
	for _, ip := range ips {
		if e := guard(ip); e != nil {
			err = errors.Join(err, e)
			continue
		}
		c, e := dial.DialContext(ctx, network, net.JoinHostPort(ip, port))
		if e == nil {
			return c, nil
		}
		err = errors.Join(err, e)
	}
	return nil, err
}

// Public refuses addresses of this machine and of networks that are not the internet: an address that somebody else gave
// us must not lead to a neighbour of ours.
func Public(ip string) error {
	a, err := netip.ParseAddr(ip)
	a = a.Unmap()
	if err != nil || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() || slices.ContainsFunc(elsewhere, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return errors.New("this address is not on the internet")
	}
	return nil
}

// elsewhere are spaces that are no internet, by the registries of IANA for special addresses (RFC 6890), where netip does not
// know them; and those of IPv6 with an address of IPv4 in them, which may be one of ours.
var elsewhere = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // between a provider and its customers (RFC 6598)
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // measuring (RFC 2544)
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"), // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001::/32"), // Teredo
	netip.MustParsePrefix("2002::/16"), // 6to4
	netip.MustParsePrefix("fec0::/10"),
}

// Do sends a request and reads the whole answer. The error says what sort of thing went wrong, and nothing of what was sent.
func Do(c *http.Client, req *http.Request) (status int, header http.Header, body []byte, err error) {
	res, err := c.Do(req)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) || timeout(err) {
			return 0, nil, nil, errors.New("no answer in time")
		}
		return 0, nil, nil, errors.New("cannot be reached")
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, MaxAnswer+1))
	if err != nil || len(body) > MaxAnswer {
		return res.StatusCode, res.Header, nil, errAnswer
	}
	return res.StatusCode, res.Header, body, nil
}

func timeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// longest is the longest wait that a service may ask for.
const longest = time.Hour

// RetryAfter is how long a service asks us to wait; fallback where it does not say.
func RetryAfter(h http.Header, now time.Time, fallback time.Duration) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n >= 0 {
		return min(time.Duration(n)*time.Second, longest)
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(at.Sub(now), 0), longest)
	}
	return fallback
}

// Address checks the address of a service that an operator gave: https, or http within the own machine or a name without dots
// (a neighbour in a container network).
func Address(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return nil, errors.New("the address is like https://service.example") // url's own error repeats it all
	}
	name := u.Hostname()
	near := name == "localhost" || net.ParseIP(name) != nil && Public(name) != nil || !strings.Contains(name, ".") && net.ParseIP(name) == nil
	if u.Scheme != "https" && !(u.Scheme == "http" && near) {
		return nil, fmt.Errorf("the address of %s begins with https:// (http:// only within the own network)", name)
	}
	return u, nil
}
