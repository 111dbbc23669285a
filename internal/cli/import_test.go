package cli

import (
	"strings"
	"testing"

	"brug/internal/errs"
	areaschool "brug/internal/school"
)

func TestThePlanOfAnImportReadsAsSentences(t *testing.T) {
	var out strings.Builder
	p := areaschool.Plan{Doubtful: []areaschool.PlanItem{{File: "list.csv", Name: "Ana Silva", Class: "2B", Row: 7,
		Lines: []errs.Text{errs.T("This is no date that exists; it was left out."), errs.T("{name} has no class.", "name", "Ana Silva")}}}}
	if err := tellPlan(&out, p, false); err != nil {
		t.Fatal(err)
	}
	want := "Doubtful: list.csv Ana Silva 2B (row 7): This is no date that exists; it was left out. Ana Silva has no class.\n"
	if !strings.Contains(out.String(), want) {
		t.Errorf("%q does not say %q", out.String(), want)
	}
}
