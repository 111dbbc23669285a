package contact

import "brug/internal/lang"

// stepNames and roadNames are how staff call them, in English.
var stepNames = map[Step]string{
	NoStep:        lang.Msg("Note a talk"),
	StepAnswer:    lang.Msg("Answer their question"),
	StepCallBack:  lang.Msg("Call: they asked for it"),
	StepCall:      lang.Msg("Call"),
	StepInterpret: lang.Msg("Ask an interpreter"),
	StepGate:      lang.Msg("Talk at the gate"),
	StepSlip:      lang.Msg("Give a first slip"),
}

var roadNames = map[Road]string{
	Paper:       lang.Msg("On paper"),
	Link:        lang.Msg("On their page"),
	Mail:        lang.Msg("By mail"),
	SMS:         lang.Msg("By SMS"),
	Call:        lang.Msg("By phone"),
	Gate:        lang.Msg("At the gate"),
	Interpreter: lang.Msg("With an interpreter"),
	HomeVisit:   lang.Msg("Home visit"),
	Push:        lang.Msg("Sign on the phone"),
}

// Name is what a person does next, for lang.T.
func (s Step) Name() string { return stepNames[s] }

// Name is how a contact went, for lang.T; a road that nobody named is called as it is.
func (r Road) Name() string {
	if name, is := roadNames[r]; is {
		return name
	}
	return string(r)
}
