package guard

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"brug/internal/db"
	"brug/internal/db/dbtest"
)

// column is what both engines must agree on.
type column struct {
	table, column string
	kind          string // number or text
	null          bool
	value         string // the default; "(none)" without
}

const own = `not like 'river%' and name not like 'goose%' and name not like 'sqlite%'`

func columnsOfSQLite(t *testing.T, d *db.DB) []column {
	t.Helper()
	return columns(t, d, `
		select m.name, c.name, lower(c.type), c."notnull" = 0 and c.pk = 0, coalesce(c.dflt_value, '(none)')
		from (select name from sqlite_master where type = 'table' and name `+own+`) m, pragma_table_info(m.name) c
		order by 1, 2`)
}

func columnsOfPostgres(t *testing.T, d *db.DB) []column {
	t.Helper()
	return columns(t, d, `
		select c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES', coalesce(c.column_default, '(none)')
		from (select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE') m
		join information_schema.columns c on c.table_name = m.name and c.table_schema = 'public'
		where m.name `+own+`
		order by c.table_name collate "C", c.column_name collate "C"`)
}

func columns(t *testing.T, d *db.DB, query string) []column {
	t.Helper()
	rows, err := d.SQL().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	// Each engine's own words for a kind of value and for a default.
	kinds := map[string]string{"integer": "number", "bigint": "number", "boolean": "number", "text": "text"}
	values := map[string]string{"false": "0", "true": "1"}
	var all []column
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.table, &c.column, &c.kind, &c.null, &c.value); err != nil {
			t.Fatal(err)
		}
		if kinds[c.kind] == "" {
			t.Errorf("%s.%s is of the type %s; only bigint, boolean and text are the same on both engines", c.table, c.column, c.kind)
		}
		c.kind = kinds[c.kind]
		c.value = strings.TrimSuffix(c.value, "::text")
		if v, has := values[c.value]; has {
			c.value = v
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("%d columns found on %s: this test looks in the wrong place", len(all), d.Engine())
	}
	return all
}

// names gives what a query lists, one text a row.
func names(t *testing.T, d *db.DB, query string) []string {
	t.Helper()
	rows, err := d.SQL().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func TestBothEnginesHaveTheSameTables(t *testing.T) {
	lite, pg := dbtest.SQLite(t), dbtest.Postgres(t)
	byName := func(all []column) map[string]column {
		m := map[string]column{}
		for _, c := range all {
			m[c.table+"."+c.column] = c
		}
		return m
	}
	a, b := byName(columnsOfSQLite(t, lite)), byName(columnsOfPostgres(t, pg))
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if other, has := b[name]; !has {
			t.Errorf("%s is on SQLite only", name)
		} else if a[name] != other {
			t.Errorf("%s: SQLite %+v, PostgreSQL %+v", name, a[name], other)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, has := a[name]; !has {
			t.Errorf("%s is on PostgreSQL only", name)
		}
	}
}

func TestBothEnginesHaveTheSameIndexesAndReferences(t *testing.T) {
	lite, pg := dbtest.SQLite(t), dbtest.Postgres(t)
	cases := []struct{ what, sqlite, postgres string }{
		{"indexes", `
			select m.name || '(' || (select group_concat(name, ',') from (select name from pragma_index_info(l.name) order by seqno)) || ') ' || l."unique"
			from (select * from sqlite_master where type = 'table' and name ` + own + `) m
			join pragma_index_list(m.name) l`, `
			select c.relname || '(' || (select string_agg(a.attname, ',' order by k.n) from unnest(x.indkey) with ordinality k(col, n)
				join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.col) || ') ' || case when x.indisunique then 1 else 0 end
			from pg_index x join (select oid, relname, relname as name, relnamespace from pg_class) c on c.oid = x.indrelid
			where c.relnamespace = 'public'::regnamespace and c.name ` + own + `
				and (select count(*) from pg_attribute a where a.attrelid = x.indrelid and a.attnum = any(x.indkey) and x.indisprimary
					and x.indnatts = 1 and a.atttypid = 'bigint'::regtype) = 0`}, // which SQLite keeps as its row's own number, without an index
		{"references", `
			select m.name || '.' || f."from" || ' → ' || f."table" || ' ' || lower(f.on_delete)
			from (select name from sqlite_master where type = 'table' and name ` + own + `) m, pragma_foreign_key_list(m.name) f`, `
			select c.relname || '.' || a.attname || ' → ' || r.relname || ' ' ||
				case f.confdeltype when 'a' then 'no action' when 'c' then 'cascade' when 'n' then 'set null' when 'r' then 'restrict' else 'set default' end
			from pg_constraint f join (select oid, relname, relname as name from pg_class) c on c.oid = f.conrelid
			join pg_class r on r.oid = f.confrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any(f.conkey)
			where f.contype = 'f' and c.name ` + own},
	}
	for _, c := range cases {
		a, b := names(t, lite, c.sqlite), names(t, pg, c.postgres)
		if len(a) < 10 {
			t.Fatalf("%d %s found: this test looks in the wrong place", len(a), c.what)
		}
		for _, n := range a {
			if !slices.Contains(b, n) {
				t.Errorf("%s: %s is on SQLite only", c.what, n)
			}
		}
		for _, n := range b {
			if !slices.Contains(a, n) {
				t.Errorf("%s: %s is on PostgreSQL only", c.what, n)
			}
		}
	}
}

func TestMigrationsAreTwins(t *testing.T) {
	base := func(paths []string) (out []string) {
		for _, p := range paths {
			out = append(out, p[strings.LastIndex(p, "/")+1:])
		}
		return out
	}
	a := base(files(t, "internal/db/migrations/sqlite", ".sql"))
	b := base(files(t, "internal/db/migrations/postgres", ".sql"))
	if !slices.Equal(a, b) {
		t.Errorf("SQLite has %v, PostgreSQL %v", a, b)
	}
}
