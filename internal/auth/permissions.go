package auth

import "slices"

// Permission is what an operation asks for: AREA.VERB, the same words as in the URL and the text keys.
type Permission string

// The permissions. Public asks for nothing, SignedIn for an account, Family for a valid code (checked by package contact).
const (
	Public   Permission = "public"
	SignedIn Permission = "signed in"
	Family   Permission = "family"

	SchoolSee       Permission = "school.see"      // the start pages, classes of one's own
	SchoolChange    Permission = "school.change"   // name, logo, years, classes, groups
	RosterImport    Permission = "roster.import"   // bring in a list
	FamiliesSee     Permission = "families.see"    // pupils, guardians, households of one's classes
	FamiliesChange  Permission = "families.change" // add and change them
	StaffSee        Permission = "staff.see"
	StaffChange     Permission = "staff.change" // invite, change role, end
	MaterialSee     Permission = "material.see"
	MaterialChange  Permission = "material.change"  // the school's own slips
	MaterialPublish Permission = "material.publish" // the support centre's materials, to all schools
	VoiceRecord     Permission = "voice.record"     // voices for texts: what lacks one, record, drop
	PacksPrint      Permission = "packs.print"      // for one's classes; the whole school for roles that see all classes
	ContactSee      Permission = "contact.see"
	ContactLog      Permission = "contact.log"
	JournalSee      Permission = "journal.see"

	MessagesSee         Permission = "messages.see"    // what was sent to the families of one's classes, and what became of it
	MessagesSend        Permission = "messages.send"   // to one's classes and their families
	MessagesSchool      Permission = "messages.school" // to the whole school at once
	ConversationsSee    Permission = "conversations.see"
	ConversationsAnswer Permission = "conversations.answer" // answer, hand over, settle, agree
	CalendarSee         Permission = "calendar.see"
	CalendarChange      Permission = "calendar.change" // of one\'s classes
	CalendarSchool      Permission = "calendar.school" // of the whole school: holidays, days off
	CoverageSee         Permission = "coverage.see"
	CoverageSupport     Permission = "coverage.support" // counts over many schools that name nobody, and none below ten families

	SupportDesk Permission = "support.desk" // accept schools
)

// permissions says which roles have which permission. System has all.
var permissions = map[Permission][]Role{
	SignedIn:        {Director, Care, Teacher, Support, Visitor},
	SchoolSee:       {Director, Care, Teacher},
	SchoolChange:    {Director},
	RosterImport:    {Director, Care},
	FamiliesSee:     {Director, Care, Teacher},
	FamiliesChange:  {Director, Care, Teacher},
	StaffSee:        {Director, Care},
	StaffChange:     {Director},
	MaterialSee:     {Director, Care, Teacher, Support},
	MaterialChange:  {Director, Care, Teacher, Support},
	MaterialPublish: {Support},
	VoiceRecord:     {Director, Care, Teacher, Support},
	PacksPrint:      {Director, Care, Teacher},
	ContactSee:      {Director, Care, Teacher},
	ContactLog:      {Director, Care, Teacher},
	JournalSee:      {Director},

	MessagesSee:         {Director, Care, Teacher},
	MessagesSend:        {Director, Care, Teacher},
	MessagesSchool:      {Director, Care},
	ConversationsSee:    {Director, Care, Teacher},
	ConversationsAnswer: {Director, Care, Teacher},
	CalendarSee:         {Director, Care, Teacher},
	CalendarChange:      {Director, Care, Teacher},
	CalendarSchool:      {Director, Care},
	CoverageSee:         {Director, Care, Teacher},
	CoverageSupport:     {Support},

	SupportDesk: {Support},
}

// centreOnly are what the support centre may in its own house, and nowhere else.
var centreOnly = []Permission{MaterialChange, MaterialPublish, VoiceRecord}

// Permissions are all permissions that are about a role, sorted.
func Permissions() []Permission {
	all := make([]Permission, 0, len(permissions))
	for p := range permissions {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

// RolesWith are the roles that have a permission.
func RolesWith(p Permission) []Role { return slices.Clone(permissions[p]) }
