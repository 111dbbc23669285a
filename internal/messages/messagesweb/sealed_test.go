package messagesweb_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"brug/internal/messages"
	"brug/internal/web/ui/uitest"
)

// TestASealedRecordingIsHeardInParts: staff hear it as any other, each part is a look in the journal, and no browser keeps it.
func TestASealedRecordingIsHeardInParts(t *testing.T) {
	k := newDesk(t, false)
	tone, err := os.ReadFile("../../audio/testdata/tone.ogg")
	k.OK(err)
	talk, err := k.m.Write(k.Ctx, k.guest("An Maes"), "", messages.Said{Files: []messages.Upload{{Name: "stem.ogg", Data: tone}}})
	k.OK(err)
	page := k.open("conversations/" + talk)
	src := page.Attr("#talk audio", "src")
	if p := uitest.Get(t, k.handler, src, k.sign); p.Status != http.StatusOK || p.Header.Get("ETag") == "" {
		t.Fatalf("%s: %d, kept under %q", src, p.Status, p.Header.Get("ETag"))
	}
	k.OK(k.m.MarkSensitive(k.Ctx, k.Teacher, talk))
	whole := uitest.Get(t, k.handler, src, k.sign)
	if whole.Status != http.StatusOK || !strings.Contains(whole.Header.Get("Cache-Control"), "no-store") || whole.Header.Get("ETag") != "" {
		t.Fatalf("%d, kept by %q", whole.Status, whole.Header.Get("Cache-Control"))
	}
	part := uitest.Get(t, k.handler, src, k.sign, func(r *http.Request) { r.Header.Set("Range", "bytes=100-199") })
	if part.Status != http.StatusPartialContent || part.Body != whole.Body[100:200] {
		t.Errorf("a part of it: %d, %d bytes", part.Status, len(part.Body))
	}
	var looks int
	k.OK(k.DB.SQL().QueryRowContext(k.Ctx, "select count(*) from journal where action = 'conversations.see' and detail like '%file%'").Scan(&looks))
	if looks != 2 {
		t.Errorf("%d looks written down, want 2", looks)
	}
}
