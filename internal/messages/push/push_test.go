package push

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"brug/internal/db"
	"brug/internal/db/dbtest"
	"brug/internal/id"
	"brug/internal/lang"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"

	"github.com/google/go-cmp/cmp"
)

// phone is a browser that subscribed: it can read what was sent for it.
type phone struct {
	key  *ecdh.PrivateKey
	auth []byte
	url  string
}

func newPhone(t *testing.T, path string) phone {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, 16)
	if _, err := rand.Read(auth); err != nil {
		t.Fatal(err)
	}
	return phone{key, auth, "https://push.example.org/" + path}
}

func (p phone) JSON() string {
	return Subscription{p.url, base64.RawURLEncoding.EncodeToString(p.key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(p.auth)}.JSON()
}

// read opens what came, by RFC 8291 and RFC 8188, written apart from the library that sends.
func (p phone) read(t *testing.T, body []byte) string {
	t.Helper()
	salt, size, keyLen := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	theirs, err := ecdh.P256().NewPublicKey(body[21 : 21+keyLen])
	if err != nil {
		t.Fatal(err)
	}
	shared, err := p.key.ECDH(theirs)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		k, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	ikm := derive(shared, p.auth, "WebPush: info\x00"+string(p.key.PublicKey().Bytes())+string(theirs.Bytes()), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	record := body[21+keyLen:]
	if uint32(len(record)) > size {
		t.Fatalf("a record of %d bytes in one of %d", len(record), size)
	}
	text, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), record, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := slices.Index(text, 2)
	if end < 0 || strings.Trim(string(text[end+1:]), "\x00") != "" {
		t.Fatalf("no end of what is said: %q", text)
	}
	return string(text[:end])
}

// service is a push service: it answers by the path, and keeps what came.
type service struct {
	mu   sync.Mutex
	got  map[string]*http.Request
	body map[string][]byte
}

// newService serves push.example.org on this machine, and gives a client that finds it.
func newService(t *testing.T, answer map[string]int) (*service, *http.Client) {
	s := &service{got: map[string]*http.Request{}, body: map[string][]byte{}}
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.got[r.URL.Path], s.body[r.URL.Path] = r, body
		s.mu.Unlock()
		if r.URL.Path == "/busy" {
			w.Header().Set("Retry-After", "120")
		}
		w.WriteHeader(answer[r.URL.Path])
	}))
	t.Cleanup(srv.Close)
	return s, &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // our own server
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, srv.Listener.Addr().String())
		}}}
}

func testKeys(t *testing.T) Keys {
	t.Helper()
	k, err := OpenKeys(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func carry(p *Pusher, to ...string) map[int]road.Result {
	var parcels []road.Parcel
	for _, each := range to {
		parcels = append(parcels, road.Parcel{Key: "k", To: each, Letters: []*letter.Letter{secretLetter}})
	}
	var mu sync.Mutex
	out := map[int]road.Result{}
	p.Carry(context.Background(), parcels, func(i int, r road.Result) {
		mu.Lock()
		defer mu.Unlock()
		out[i] = r
	})
	return out
}

// secretLetter has what must not be on a lock screen.
var secretLetter = &letter.Letter{Lang: "ar", School: "De Wilg", From: "Els Daems, 3A", Link: "https://brug.example/m/TOKEN",
	Hello: letter.Piece{Text: "Over Yusuf", Lang: "nl"}, Title: letter.Piece{Text: "Yusuf is ziek", Lang: "nl"}}

func TestAPhoneGetsASignAndNothingAboutAnybody(t *testing.T) {
	keys := testKeys(t)
	s, client := newService(t, map[string]int{"/one": 201})
	p, err := New(Config{Keys: keys, Contact: "mailto:help@school.example", Client: client})
	if err != nil {
		t.Fatal(err)
	}
	ph := newPhone(t, "one")
	if diff := cmp.Diff(map[int]road.Result{0: {Taken: true}}, carry(p, ph.JSON())); diff != "" {
		t.Fatal(diff)
	}
	var got map[string]string
	if err := json.Unmarshal([]byte(ph.read(t, s.body["/one"])), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"title": lang.For("ar").T("There is news from school."), "lang": "ar", "dir": "rtl"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	h := s.got["/one"].Header
	if h.Get("TTL") != "259200" || h.Get("Urgency") != "normal" || h.Get("Topic") != "news" || h.Get("Content-Encoding") != "aes128gcm" {
		t.Errorf("headers %v", h)
	}
	// RFC 8292: who sends, to which service, until when; signed by the key that the browser subscribed with.
	vapid := h.Get("Authorization")
	if !strings.HasPrefix(vapid, "vapid t=") || !strings.HasSuffix(vapid, "k="+keys.Public) {
		t.Fatalf("authorization %q", vapid)
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(strings.TrimPrefix(vapid, "vapid t="), ".")[1])
	if err != nil || !strings.Contains(string(claims), `"aud":"https://push.example.org"`) || !strings.Contains(string(claims), `"sub":"mailto:help@school.example"`) {
		t.Errorf("%v %s", err, claims)
	}
}

func TestWhatAPushServiceAnswers(t *testing.T) {
	answers := map[string]int{"/ok": 201, "/gone": 410, "/none": 404, "/busy": 429, "/down": 503, "/keys": 403, "/long": 413}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, client := newService(t, answers)
		p, err := New(Config{Keys: testKeys(t), Contact: "https://brug.example", Client: client, DB: d})
		if err != nil {
			t.Fatal(err)
		}
		phones := map[string]phone{}
		for path := range answers {
			phones[path] = newPhone(t, path[1:])
		}
		subscribe(t, d, phones)
		list := func(paths ...string) string {
			var all []string
			for _, path := range paths {
				all = append(all, phones[path].JSON())
			}
			return "[" + strings.Join(all, ",") + "]"
		}
		got := carry(p, list("/ok"), list("/gone"), list("/none", "/gone"), list("/gone", "/ok"), list("/busy"), list("/gone", "/down"), list("/keys"), list("/keys", "/down"), "[]", `{"endpoint":"https://127.0.0.1/x"}`)
		want := map[int]road.Result{
			0: {Taken: true},
			1: {Problem: "the subscription has ended", Final: true, Address: true},
			2: {Problem: "the subscription has ended", Final: true, Address: true},
			3: {Taken: true},
			4: {Problem: "the push service answered 429", Wait: 2 * time.Minute},
			5: {Problem: "the push service answered 503"},
			6: {Problem: "the push service answered 403", Final: true},
			7: {Problem: "the push service answered 503"},
			8: {Problem: "this is no subscription", Final: true, Address: true},
			9: {Problem: "the subscription has ended", Final: true, Address: true},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		rows, err := d.SQL().Query("select endpoint from push_subscriptions where ended_at > 0 order by endpoint")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var ended []string
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			ended = append(ended, s)
		}
		if diff := cmp.Diff([]string{phones["/gone"].url, phones["/none"].url}, ended); diff != "" || rows.Err() != nil {
			t.Error(rows.Err(), diff)
		}
	})
}

// subscribe writes the phones of one guardian.
func subscribe(t *testing.T, d *db.DB, phones map[string]phone) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, s := range []string{
			"insert into schools (id, public_id, slug, name, created_at) values (1, 's', 's', 'S', 1)",
			"insert into households (id, public_id, school_id, created_at) values (1, 'h', 1, 1)",
			"insert into guardians (id, public_id, school_id, household_id, name, name_fold, created_at) values (1, 'g', 1, 1, 'G', 'g', 1)",
		} {
			if _, err := tx.SQL().ExecContext(t.Context(), s); err != nil {
				return err
			}
		}
		for path, p := range phones {
			if _, err := tx.SQL().ExecContext(t.Context(), "insert into push_subscriptions (public_id, school_id, guardian_id, endpoint_hash, endpoint, p256dh, auth, created_at) values ($1, 1, 1, $2, $3, 'x', 'x', 1)",
				path, id.Hash(p.url), p.url); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheKeyIsMadeOnceAndKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	one, err := OpenKeys(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := OpenKeys(dir, "")
	if err != nil || one != two {
		t.Errorf("%v: another key than before", err)
	}
	if other, err := OpenKeys(t.TempDir(), one.private); err != nil || other != one {
		t.Errorf("%v: the key that was given is not taken", err)
	}
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", err, info.Mode())
	}
	public, err := base64.RawURLEncoding.DecodeString(one.Public)
	if err != nil || len(public) != 65 || public[0] != 4 {
		t.Errorf("public key of %d bytes, %v", len(public), err)
	}
	for _, bad := range []string{"geheim", strings.Repeat("A", 43), one.Public} {
		if _, err := OpenKeys(t.TempDir(), bad); err == nil || strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		} else if !strings.HasPrefix(err.Error(), "--push-key: ") {
			t.Errorf("%v names no flag", err)
		}
		broken := t.TempDir()
		if err := os.WriteFile(filepath.Join(broken, fileName), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKeys(broken, ""); err == nil || strings.Contains(err.Error(), bad) || !strings.HasPrefix(err.Error(), "the file vapid.key: ") {
			t.Errorf("%q in the file: %v", bad, err)
		}
	}
}

func TestOnlyAddressesOfPushServicesAreTaken(t *testing.T) {
	good := newPhone(t, "abc")
	if s, err := Parse(good.JSON()); err != nil || s.Endpoint != good.url {
		t.Errorf("%v %+v", err, s)
	}
	// some browsers write base64 with padding and other signs
	padded := strings.NewReplacer("-", "+", "_", "/").Replace(base64.RawURLEncoding.EncodeToString(good.auth)) + "=="
	if _, err := Parse(strings.Replace(good.JSON(), base64.RawURLEncoding.EncodeToString(good.auth), padded, 1)); err != nil {
		t.Error(err)
	}
	for _, endpoint := range []string{"http://push.example.org/x", "https://localhost/x", "https://10.0.0.1/x", "https://[::1]/x", "https://push.example.org:8443/x", "https://u:p@push.example.org/x", "https://intern/x", "file:///etc/passwd", "",
		"https://push.example.org/" + strings.Repeat("x", 3000)} {
		p := good
		p.url = endpoint
		if _, err := Parse(p.JSON()); err == nil {
			t.Errorf("%.60q was taken", endpoint)
		}
	}
	for _, text := range []string{"", "null", "{}", "[]", strings.Replace(good.JSON(), `"p256dh":"B`, `"p256dh":"A`, 1), strings.Replace(good.JSON(), `"auth":"`, `"auth":"AAAA`, 1)} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%.60q was taken", text)
		}
	}
}

func TestWithoutAContactThereIsNoPush(t *testing.T) {
	for contact, ok := range map[string]bool{"": false, "http://brug.example": false, "https://brug.example": true, "help@school.example": true} {
		if _, err := New(Config{Keys: testKeys(t), Contact: contact}); (err == nil) != ok {
			t.Errorf("%q: %v", contact, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"endpoint":"https://push.example.org/x","keys":{"p256dh":"BA","auth":"AA"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(s.JSON()); err != nil || again != s {
			t.Errorf("%v %+v", err, again)
		}
	})
}
