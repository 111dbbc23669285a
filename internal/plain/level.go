package plain

import (
	"math"

	"brug/internal/lang"
)

// Level is how easily a Dutch text reads, by the formula of Flesch as Douma fitted it to Dutch:
//
//	206.84 − 0.77 × syllables per 100 words − 0.93 × words per sentence
//
// W.H. Douma, De leesbaarheid van landbouwbladen, Landbouwhogeschool Wageningen, 1960 (bulletin 17), as quoted in the
// literature on reading levels; 206.8 in some of it. 100 is very easy, 0 very hard. It knows word and sentence length and
// nothing else: a text of short words can still be hard.
type Level struct {
	Score                       int // 0 to 100
	Words, Sentences, Syllables int
}

// Formula is the English message id of the formula and where it comes from, for the screen.
var Formula = lang.Msg("Flesch-Douma (W.H. Douma, Wageningen 1960): 206.84 − 0.77 × syllables per 100 words − 0.93 × words per sentence")

// FewWords is how many words a text should have before the score says much: Douma took samples of a hundred.
const FewWords = 30

// LevelOf measures a Dutch text; ok is false for one without words.
func LevelOf(text string) (l Level, ok bool) {
	for _, s := range sentences(text) {
		l.Sentences++
		for _, w := range words(text[s.from:s.to]) {
			l.Words++
			l.Syllables += syllables(text[s.from:s.to][w.from:w.to])
		}
	}
	if l.Words == 0 || l.Sentences == 0 {
		return Level{}, false
	}
	score := 206.84 - 77*float64(l.Syllables)/float64(l.Words) - 0.93*float64(l.Words)/float64(l.Sentences)
	l.Score = int(math.Round(min(100, max(0, score))))
	return l, true
}

// Text is the English message id of how Douma's table calls a score.
func (l Level) Text() string {
	switch {
	case l.Score >= 90:
		return lang.Msg("very easy")
	case l.Score >= 80:
		return lang.Msg("easy")
	case l.Score >= 70:
		return lang.Msg("rather easy")
	case l.Score >= 60:
		return lang.Msg("ordinary")
	case l.Score >= 45:
		return lang.Msg("rather hard")
	case l.Score >= 30:
		return lang.Msg("hard")
	}
	return lang.Msg("very hard")
}

// CEFR is a rough guess of the European level that a reader needs: no formula measures it.
func (l Level) CEFR() string {
	switch {
	case l.Score >= 80:
		return "A2"
	case l.Score >= 65:
		return "B1"
	case l.Score >= 45:
		return "B2"
	}
	return "C1"
}
