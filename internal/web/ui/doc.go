// Package ui is the look of Brug: layouts, components, forms and assets. It knows no area of the school's life, only how
// a page, a row, a field or an answer looks and is heard. Page packages (AREA/AREAweb, web/home) and web call it; it
// imports errs, lang and pictogram, and owns no tables.
//
// All components are templ components; run bin/generate after a change and commit the result.
// Texts handed in are ready to be read (translated, or typed by a person); the few that ui says itself come from lang.
// Everything works without script and under this policy, so no page may have a style attribute, a script block or an
// on… attribute (package uitest checks it):
//
//	default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';
//	form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'
//
// The gallery (go run ./internal/web/ui/gallery) shows every part with example texts; its tests open each page in
// Chromium at 320 to 1280 pixels, in both directions, light and dark, and with BRUG_SHOTS=FOLDER leave pictures there.
//
// # A staff page
//
// The layout draws the only h1 (Heading, else Title), Lead, Actions, Back or Crumbs, Steps and Flash. The reader's
// language comes from the context (lang.With).
//
//	templ TodayPage(p ui.Page, t Today) {
//		@ui.Staff(p) {
//			@ui.Section(lang.T(ctx, "Waiting for an answer")) {
//				@ui.Rows() {
//					for _, w := range t.Waiting {
//						@ui.Row(ui.Item{Name: w.Child, Key: w.ChildID, Lead: w.Child, Text: lang.T(ctx, "mother has a question"),
//							Tags: []ui.Tag{{Label: "Arabic"}}, Note: "…",
//							Actions: []ui.Action{{Label: lang.T(ctx, "Answer"), Kind: ui.First, URL: w.URL},
//								{Label: lang.T(ctx, "Call"), Icon: "call", Post: w.CallURL, Hidden: map[string]string{"road": "call"}}}})
//					}
//				}
//			}
//		}
//	}
//
//	ui.Page{Title: "Today", School: "De Wilg", SchoolURL: "/s/de-wilg/", Person: "Els", Nav: []ui.NavItem{
//		{Label: "Today", URL: "/s/de-wilg/", Icon: "today", Current: true, Count: 2}, …}}
//
// Nav: the first four lines make the bar of a phone, the others stand at the foot of the page behind "More".
// Public(page) is the layout for who is not signed in. A wizard sets Page.Steps = ui.Steps(1, "File", "Columns", "Check").
//
// # A form
//
// A Form carries what was typed and what is wrong through the request, so that nothing typed is lost. Field names are
// the same in the page, in Form and in errs.
//
//	func (h *handler) create(w http.ResponseWriter, r *http.Request) error {
//		f, err := ui.FormFrom(r, 64<<10)
//		if err == nil {
//			err = h.school.Invite(r.Context(), actor, f.Get("email"))
//		}
//		if f.Take(err) { // errs.Invalid: show the form again, status 422
//			w.WriteHeader(http.StatusUnprocessableEntity)
//			return InvitePage(page, f).Render(r.Context(), w)
//		}
//		if err != nil {
//			return err
//		}
//		…redirect
//	}
//
//	@ui.PostForm(url, f, "email", "role") {
//		@ui.Field(f, ui.Input{Name: "email", Label: lang.T(ctx, "E-mail address"), Type: "email", Auto: "email"})
//		@ui.Radios(f, ui.Input{Name: "role", Label: …, Options: []ui.Option{{Value: "teacher", Label: …}, …}})
//		@ui.Submit(lang.T(ctx, "Invite"), ui.Link{Label: lang.T(ctx, "Cancel"), URL: back})
//	}
//
// Start values: ui.NewForm("email", a.Email). UploadForm and File for files, SearchForm for GET, Select, TextArea,
// Checkboxes, Check (one box), Hidden, FieldRow (short fields side by side). Two forms on one page: set Form.Prefix.
// A single button that changes something: @ui.Button(ui.Action{Label, Post: url, Hidden: …}).
//
// # A table, marks
//
//	cols := []ui.Column{{Label: "Family of"}, {Label: "Language"}, {Label: "Week 47", Kind: ui.MarkColumn}}
//	@ui.Legend(ui.Answered, ui.Reached, ui.Tried, ui.NotYet)
//	@ui.Table("Class 3A", cols) {
//		@ui.Tr() {
//			@ui.Th() { <b>Amira</b> }
//			@ui.Td(cols[1]) { Somali }
//			@ui.Td(cols[2]) { @ui.Mark(ui.Reached, "16 nov") }
//		}
//	}
//
// # A family page
//
//	@ui.Family(ui.FamilyPage{Title: …, School: "De Wilg", Langs: langs, LargeURL: "?type=large", Listen: true}) {
//		@ui.FamilyCard(ui.FamilyItem{ID: "q1", Child: "Selam", Pictogram: "play", Tint: ui.Sky, Text: []string{…}}) {
//			@ui.Other("nl", "Waarmee heb je gespeeld?")
//			@ui.Listen("q1", "ti")
//			<form method="post" action={ url }>
//				@ui.Answers() {
//					@ui.Answer(ui.Choice{Label: lang.T(ctx, "Understood"), Icon: "ok", Name: "answer", Value: "understood", First: true})
//					…
//				}
//			</form>
//		}
//	}
//
// Several texts share a card: ui.FamilyLine for each, with ui.ListenHere at its end, and one ui.ListenAll above them.
//
// with langs := ui.LangLinks(lang.Family, lang.From(ctx).Tag(), func(tag string) string { return "?lang=" + tag }). The page
// author keeps the choice of language and of large type (a cookie or the guardian's row); without script both are links.
//
// # Other parts
//
//	@ui.Card(title) {…}            @ui.Notice(ui.Care) {…}         @ui.Empty(ui.Nothing{…})
//	@ui.Tabs(label, tabs)          @ui.Pager(ui.Turn{NextURL: …})  @ui.Details(summary) {…}
//	@ui.Facts(ui.Fact{…}, …)       @ui.FactList() { @ui.FactLine(term) {…} }
//	@ui.Tiles() { @ui.TileLink(ui.Tile{…}) }                       @ui.Copy(label, text)
//	@ui.Strip(ui.Share{Full: 22, Half: 3, Total: 27, Text: …})     @ui.PrintButton(label)
//	@ui.Confirm(ui.Question{…})    @ui.Progress(ui.Work{…})        @ui.Icon("call")   @ui.Pictogram("play", alt, 48)
//
// The grid of contact stands in <div class="contact-grid">: on a phone and in narrow windows a row of its Table is two
// lines, the marks without their labels. log-talk is a details whose body floats over that table on a desk; log-due one that
// needs doing. tongues lets Tabs of languages wrap; status is a line with a sign; ring holds a telephone number.
//
// Classes for what a page draws itself: card, quiet-words, said (a blockquote: what a family said), beside (columns next to
// each other), sheet with questions (a paper, and its ol), question (a fieldset among several), log with log-road (a line
// of a form: by which road, and how it went). shelves with shelf (a kind of material and a few of it), part-list (the parts
// of a material), editor with editor-words and editor-look (a text and how it looks), hints, phone, mail, sms, paper-page
// (what a preview shows). A page needs another one: it is made here, with an example in the gallery.
//
// Of messages: letter-block and letter-note (parts of a letter), letter-roads (the same letter on several roads beside each
// other), road-line (how many by which road), check-line (a sentence with a sign), fates with fate-list (what became of a
// message, and its twin in words), say-this (what to say on the phone).
//
// @ui.Script("editor.js") at the end of a page loads a script that few pages need.
//
// # Errors and assets
//
// web turns an error into a page: pr := ui.ProblemOf(err, requestID); w.WriteHeader(ui.Status(pr.Kind));
// ui.ProblemPage(page, pr) or ui.FamilyProblem(familyPage, pr).
// web mounts ui.Assets() at ui.AssetPrefix; ui.Missing() says what bin/setup has yet to bring.
package ui
