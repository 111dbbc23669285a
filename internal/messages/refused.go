package messages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// Refusal is why a file that a family sent was not taken.
type Refusal string

// The refusals. "" is none.
const (
	WrongType   Refusal = "type"    // neither photo, nor recording, nor PDF
	TooLarge    Refusal = "large"   // a photo or a PDF of too many bytes
	TooHeavy    Refusal = "heavy"   // a recording of too many bytes
	TooLong     Refusal = "long"    // a recording
	Film        Refusal = "film"    // a picture moves in it
	TooManyDots Refusal = "dots"    // a photo
	TooSmall    Refusal = "small"   // a photo
	Damaged     Refusal = "damaged" // of a type that is taken, and cannot be read
	TooMany     Refusal = "many"    // MaxSaidFiles came along before it
)

// RefusedFile is a file that came by mail and was not taken: nothing of it is kept but what it is called, as both sides are told. A
// name can tell as much as words do, so it is kept as words are: the body of an entry, sealed where those are.
type RefusedFile struct {
	Name string  `json:"name"`
	Why  Refusal `json:"why"`
}

// nameRefused is what a file that is not kept was called; where it had no name, what it looks like ("application/zip").
func nameRefused(u Upload) string {
	name := path.Base(strings.ReplaceAll(u.Name, "\\", "/"))
	end := tame(path.Ext(name))
	if r := []rune(end); len(r) > 8 {
		end = ""
	}
	if name = tame(strings.TrimSuffix(name, end)); strings.Trim(name, ".") != "" {
		return name + end
	}
	kind, _, _ := strings.Cut(http.DetectContentType(u.Data), ";")
	return kind
}

func refusedDoc(list []RefusedFile) string {
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // text can always be written
	}
	return string(b)
}

// refusedFiles reads the body of an entry of Refused; none where a list keeps it closed.
func refusedFiles(body string) ([]RefusedFile, error) {
	if body == "" {
		return nil, nil
	}
	var out []RefusedFile
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		return nil, fmt.Errorf("refused files of an entry: %w", err)
	}
	return out, nil
}
