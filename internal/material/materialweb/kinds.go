package materialweb

import (
	"context"

	"brug/internal/lang"
	"brug/internal/material"
	"brug/internal/web/ui"
)

// face is how a kind looks in lists, and what it is for.
type face struct {
	picture string // a name of package pictogram
	tint    ui.Tint
	purpose string // English message id
}

var faces = map[material.Kind]face{
	material.Nudge:          {"idea", ui.Sand, lang.Msg("One small thing to do or ask at home, this week. It fits one SMS.")},
	material.QuestionSlip:   {"question", ui.Sky, lang.Msg("Questions about school that a parent can ask the child.")},
	material.HelpCard:       {"together", ui.Sage, lang.Msg("An activity to do at home together, step by step.")},
	material.ThemeLetter:    {"book", ui.Sky, lang.Msg("The theme in class, and what to do with it at home.")},
	material.WeekLetter:     {"today", ui.Sand, lang.Msg("What happened in class this week.")},
	material.InfoSheet:      {"school", ui.Sage, lang.Msg("How something goes at school.")},
	material.Form:           {"write", ui.Rose, lang.Msg("To fill in and give back.")},
	material.Checklist:      {"understood", ui.Sage, lang.Msg("Points to tick: at home, or for the team.")},
	material.StepPlan:       {"way", ui.Sky, lang.Msg("What to do, one step after the other.")},
	material.SampleLetter:   {"message", ui.Rose, lang.Msg("A letter to change and send.")},
	material.Poster:         {"look", ui.Sand, lang.Msg("For the wall, in several languages at once.")},
	material.Flyer:          {"bag", ui.Rose, lang.Msg("For the school bag: two to a sheet.")},
	material.SettlingInCard: {"hello", ui.Sage, lang.Msg("For a toddler's first days: four to a sheet.")},
	material.WhoIsWho:       {"teacher", ui.Sky, lang.Msg("The team with names and photos, and who helps with what.")},
	material.HomeAgreements: {"agreement", ui.Sand, lang.Msg("What a family agrees at home.")},
	material.Message:        {"talk", ui.Rose, lang.Msg("Put together from fixed sentences, exact in every language.")},
}

// kindTile leads to something of a kind.
func kindTile(ctx context.Context, s material.KindSpec, name, url string) ui.Tile {
	f := faces[s.Kind]
	return ui.Tile{Title: lang.T(ctx, name), Text: lang.T(ctx, f.purpose), Pictogram: f.picture, Tint: f.tint, URL: url}
}
