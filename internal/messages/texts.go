package messages

import "context"

// Translator is a service that translates by machine. What it makes is labelled as such wherever it is read. texts are pieces
// of one text, in order; the answer has as many. engine is its name, for the label ("DeepL"). Nothing sensitive is given to it.
type Translator interface {
	Translate(ctx context.Context, from, to string, texts []string) (out []string, engine string, err error)
}

// TranslateArgs is the job that has a message translated into the languages of its recipients, and then lets it be planned.
type TranslateArgs struct {
	SchoolID  int64 `json:"school"`
	MessageID int64 `json:"message"`
}

// Kind implements river.JobArgs.
func (TranslateArgs) Kind() string { return "messages.translate" }

func (s *Service) workTranslate(ctx context.Context, a TranslateArgs) error { return nil }
