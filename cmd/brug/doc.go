// Brug is the working place of a school and its families. This is the tour of the house, ground floor first; an import
// goes to a lower floor, never up and never sideways, and a test keeps it (internal/guard).
//
//	0 bricks     errs       the kinds of error that people are told about
//	             id         public ids, secrets, short codes
//	             sections   the plain text files of the library and the phrase bank
//	             lang       languages: direction, catalogues, plurals, dates, lists; lang/stem makes words comparable for search
//	             pictogram  one picture for one thing
//	1 engines    db         SQLite or PostgreSQL from one set of queries; db/q is generated, db/dbtest is for tests
//	             press      PDF in every script: shaping, lines, sheets, codes, tags, fonts; the same page as SVG
//	             blob       files that belong to rows
//	             roster     reads a school's list of pupils, whatever its layout
//	             phrase     the phrase bank: fixed sentences with slots, exact in every language
//	             plain      hints for plain writing, reading level, how many SMS
//	             photo      turns photos upright, cuts them down, takes out where and when
//	             audio      what a recording is and how long, from its bytes
//	2 machinery  jobs       work that can wait, in the transaction that asked for it
//	             journal    who did or looked at what, append-only
//	             secret     the key of the installation: links that need not be stored, sealed notes
//	             live       tells open pages that something changed, between processes too
//	             mail       the program's own mails, out by SMTP, or diverted to the outbox until configured
//	3            auth       accounts, sign-in, sessions, roles, permissions, schools that ask to join
//	4            school     classes, pupils, guardians, households, groups; import
//	5            contact    the ledger and what coverage reads, the codes and personal links that open a family's page, the answers
//	             calendar   what is on for the school or a class, days off, feeds
//	             material   texts of every kind in many languages: what Brug ships, what a school makes of it and how that
//	                        follows, translations, search, photos
//	6            sheets     how each kind of material stands on paper
//	             voice      people who read a text aloud: recordings, what lacks one, links for speakers
//	             messages   what goes out to each guardian and what comes back: letters, recipients, the post, conversations; below it
//	                        letter (one letter, every road), budget (when it goes), road, email, sms, push, gateway, translator,
//	                        inbound and reply (what comes in)
//	7            insight    coverage and balance of a school, and what a support centre sees of it
//	             packs      print packs: a page for each family in its language; sheets for the wall and the team
//	8            web/ui     layout, components, forms, assets; knows no area
//	             web/route  what a page package tells the router
//	             demo       one small believable school
//	             material/sheetview  a material as a phone shows it
//	9            AREA/AREAweb (also material/translateweb) and web/home: the pages
//	10           web        mounts the pages, finds out who asks, turns errors into pages
//	11           app        builds everything from one Config
//	             guard      tests only: floors, queries, schemas, permissions, languages
//	12           cli        the commands: each opens the app and calls the same operations
package main
