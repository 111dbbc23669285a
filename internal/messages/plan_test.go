package messages

import (
	"testing"
	"time"

	"brug/internal/db"
)

// TestWhoPlannedMeanwhileIsSeen: the rule is asked before the transaction. Another process that planned in between used up the
// week of the family, and no second letter may go besides.
func TestWhoPlannedMeanwhileIsSeen(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		home := o.Home("Ali", "")
		o.exec("update households set amount = 1 where public_id = '" + home.PublicID + "'")
		o.send("Eerst")
		o.send("Daarna")
		planned := make(chan error, 1)
		o.OK(o.s.DB.Write(o.Ctx, func(tx *db.Tx) error {
			go func() {
				_, err := o.s.Plan(o.Ctx)
				planned <- err
			}()
			time.Sleep(300 * time.Millisecond) // it has asked by now; when it has not, it sees what is done here anyway
			if _, err := tx.HoldSchool(o.Ctx, o.School.ID); err != nil {
				return err
			}
			_, err := tx.SQL().ExecContext(o.Ctx, `update recipients set state = 'waiting' where household_id = (select id from households where public_id = $1)
				and message_id = (select max(id) from messages)`, home.PublicID)
			return err
		}))
		o.OK(<-planned)
		if n := o.count("select count(*) from recipients r join households h on h.id = r.household_id where h.public_id = '" + home.PublicID + "' and r.state = 'waiting' and r.lead_id is null and r.due_at <= (select min(x.due_at) from recipients x)"); n != 1 {
			t.Errorf("%d letters go now to a family that wants one a week", n)
		}
		if n := o.count("select count(*) from recipients where state = 'new'"); n != 0 {
			t.Errorf("%d letters were not planned", n)
		}
	})
}
