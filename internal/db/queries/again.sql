-- Sending a letter once more, by a road that a person chose (package messages).

-- name: SetAgain :execrows
-- What somebody opened or answered has arrived, and goes no second time.
update recipients set state = @state, roads = @roads, road = @road, ref = '', problem = @problem, tries = 0, sent_at = 0, arrived_at = 0, due_at = @due_at, lead_id = null,
  handled_at = 0, handled_by = null
where school_id = @school_id and id = @id and opened_at = 0 and answered_at = 0
  and (state in ('paper', 'call', 'unreachable', 'sent', 'delivered') or state = 'together' and sent_at > 0);
