package pages

import "brug/internal/web/ui"

func greet(p ui.Page) ui.Page {
	p.Heading, p.Lead = "Goedemorgen, juf Els", "2 ouders wachten op u. Deze week nog 3 beurten, samen ongeveer 8 minuten."
	return p
}

func classHead(p ui.Page) ui.Page {
	p.Wide = true
	p.Lead = "25 kinderen · 27 huishoudens · 14 talen. Bovenaan staat wie het langst wacht."
	p.Actions = []ui.Action{{Label: "Druk briefjes", Icon: "print", Kind: ui.First, URL: "/materials"}, {Label: "Log een contact", Icon: "add", URL: "/form"}}
	return p
}

func formHead(p ui.Page) ui.Page {
	p.Crumbs = []ui.Link{{Label: "School", URL: "/"}, {Label: "Klas 3A", URL: "/class"}, {Label: "Selam", URL: "/parts"}}
	p.Lead = "Alleen wat nodig is om dit gezin goed te bereiken."
	return p
}

func importHead(p ui.Page) ui.Page {
	p.Steps = ui.Steps(2, "Bestand", "Kolommen", "Nakijken", "Klaar")
	p.Steps[0].URL, p.Steps[1].URL = "/import", "/import"
	p.Lead = "Er is nog niets veranderd. Kijk na wat er zou veranderen."
	return p
}

func partsHead(p ui.Page) ui.Page {
	p.Flash = ui.Flash{Kind: ui.Done, Text: "Het gesprek met de mama van Amira staat genoteerd."}
	p.Back = ui.Link{Label: "Klas 3A", URL: "/class"}
	return p
}

func confirmHead(p ui.Page) ui.Page {
	p.Heading = "Trekt u de code van Selam in?"
	p.Back = ui.Link{Label: "Klas 3A", URL: "/class"}
	return p
}

func signHead(p ui.Page) ui.Page {
	p.Heading, p.Lead = "Welkom", "Meld u aan met het adres waarop de school u kent."
	return p
}

func familyHead(p ui.FamilyPage, w words) ui.FamilyPage {
	p.Title = w.title
	return p
}

var classColumns = []ui.Column{{Label: "Gezin van"}, {Label: "Taal"}, {Label: "Laatste contact"},
	{Label: "Week 43", Kind: ui.MarkColumn}, {Label: "Week 44", Kind: ui.MarkColumn}, {Label: "Week 45", Kind: ui.MarkColumn},
	{Label: "Week 46", Kind: ui.MarkColumn}, {Label: "Week 47", Kind: ui.MarkColumn}, {Label: "Volgende stap", Kind: ui.DoColumn}}

var longColumns = []ui.Column{{Label: "Naam"}, {Label: "Contactgegevensoverzicht"}, {Label: "Doen", Kind: ui.DoColumn}}

var importColumns = []ui.Column{{Label: "Wat"}, {Label: "Aantal", Kind: ui.NumberColumn}, {Label: "Uitleg"}}

var classFamilies = []struct {
	name, home, lang, last string
	marks                  []ui.State
	next, icon             string
}{
	{"Amira", "", "Somali", "12 weken", []ui.State{ui.Reached, ui.Tried, ui.NotYet, ui.Tried, ui.NotYet}, "Aan de poort, met Hodan", "gate"},
	{"Selam", "", "Tigrinya", "5 weken", []ui.State{ui.Reached, ui.Planned, ui.NotYet, ui.Reached, ui.Planned}, "Bel met tolk", "call"},
	{"Jonas", "bij mama", "Nederlands", "4 weken", []ui.State{ui.Answered, ui.Reached, ui.NotYet, ui.Reached, ui.Planned}, "Bezoek voorstellen", "home"},
	{"Jonas", "bij papa", "Pools", "2 weken", []ui.State{ui.Reached, ui.Reached, ui.Answered, ui.NotHere, ui.Planned}, "", ""},
	{"Mohammed", "", "Arabisch", "2 dagen", []ui.State{ui.Reached, ui.Answered, ui.Planned, ui.Reached, ui.Answered}, "Beantwoord de vraag", "messages"},
}
