"""The statements of `claiming`. Every pending row is reached through the index `job_in_turn`, rows in hand through
`job_in_hand`: what a claim costs goes with the number of flows, not of jobs."""

FREE = "(job.leased_until IS NULL OR job.leased_until < statement_timestamp())"
DUE = f"job.state = 'pending' AND job.run_at <= statement_timestamp() + %(tolerance)s AND {FREE}"
ALONE = """(job.subject = '' OR NOT EXISTS (
    SELECT FROM core_job AS held
    WHERE held.state = 'pending' AND held.leased_until >= statement_timestamp()
      AND held.subject = job.subject AND held.id <> job.id
))"""
# Every lane and flow that has pending jobs, by walking the index `job_in_turn` from one to the next.
FLOWS = """WITH RECURSIVE flows (lane, flow) AS (
    (SELECT lane, flow FROM core_job WHERE state = 'pending' ORDER BY lane, flow LIMIT 1)
    UNION ALL
    SELECT further.lane, further.flow FROM flows CROSS JOIN LATERAL (
        SELECT lane, flow FROM core_job
        WHERE state = 'pending' AND (lane, flow) > (flows.lane, flows.flow)
        ORDER BY lane, flow LIMIT 1
    ) AS further
)"""
NEXT = f"""{FLOWS}
SELECT first.id, flows.lane, flows.flow
FROM unnest(%(lanes)s::int[], %(after)s::text[]) WITH ORDINALITY AS open (lane, after, place)
JOIN flows USING (lane)
CROSS JOIN LATERAL (
    SELECT job.id FROM core_job AS job
    WHERE {DUE} AND job.lane = flows.lane AND job.flow = flows.flow
      AND (job.kind = ANY(%(kinds)s)) = %(among)s AND {ALONE}
    ORDER BY job.run_at, job.id LIMIT 1
) AS first
ORDER BY open.place, flows.flow <= open.after, flows.flow LIMIT 1"""
TAKE = f"""UPDATE core_job AS job
SET leased_until = statement_timestamp() + %(lease)s, attempts = attempts + 1, worker = %(worker)s
WHERE job.id = %(id)s AND {DUE} AND {ALONE}"""
UNHEARD = f"""{FLOWS}
SELECT waiting.id, waiting.queue, waiting.kind FROM flows CROSS JOIN LATERAL (
    SELECT job.id, job.queue, job.kind, row_number() OVER (ORDER BY job.run_at, job.id) AS place
    FROM core_job AS job
    WHERE {DUE} AND job.lane = flows.lane AND job.flow = flows.flow
      AND (job.rung_at IS NULL OR job.rung_at < statement_timestamp() - %(again)s)
    ORDER BY job.run_at, job.id LIMIT %(per_flow)s
) AS waiting
ORDER BY flows.lane, waiting.place, flows.flow LIMIT %(most)s"""
IN_HAND = """SELECT count(*), count(*) FILTER (WHERE kind = ANY(%(long)s)) FROM core_job
WHERE state = 'pending' AND leased_until >= statement_timestamp() AND worker = %(worker)s
  AND (lane <> ALL(%(waited_for)s) OR kind = ANY(%(long)s))"""
