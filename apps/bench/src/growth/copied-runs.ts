import type { Pool, PoolClient } from 'pg';

/** So many runs are written in one transaction: a server must not hold a million in memory. */
const BATCH = 20_000;

/**
 * Writes runs by SQL: copies of one that the product made, under ids of their own, with all that stands of it in tables, its
 * open commands among them. Of those that have ended every second one is the child of another run. The hashes of their events
 * are those of the model, so such a log is none that could be verified.
 *
 * @param pool of the owner, with one connection: its time for a statement is lifted
 * @param model a run whose view is up to date
 */
export async function writeCopies(pool: Pool, model: string, count: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    for (let written = 0; written < count; written += BATCH) {
      await writeBatch(client, model, Math.min(BATCH, count - written));
    }
    // What autovacuum would do while something is measured.
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  } finally {
    await client.query('reset statement_timeout');
    client.release();
  }
}

async function writeBatch(client: PoolClient, model: string, count: number): Promise<void> {
  await client.query('begin');
  try {
    await client.query(
      `create temp table copy on commit drop as
         select n, gen_random_uuid() as run_id, l.head + (n - 1) * s.version as before, s.version as events, s.status
           from generate_series(1, ${count}) n, baton.log l, baton.stream s where s.run_id = '${model}'`,
    );
    for (const statement of statementsFor(model)) await client.query(statement);
    await client.query('commit');
  } catch (thrown) {
    await client.query('rollback');
    throw thrown;
  }
}

const statementsFor = (model: string): readonly string[] => {
  const own = (text: string): string => `replace(${text}, '${model}', c.run_id::text)`;
  const view = `copy c cross join (select * from baton.run_view where run_id = '${model}') v`;
  return [
    `select baton.ensure_partition(p * partition_size)
       from baton.log, generate_series(head / partition_size, (select max(before + events) from copy) / partition_size) p`,
    `insert into baton.event (position, run_id, version, type, schema_version, event_id, causation_id, correlation_id,
                              recorded_at, actor, data, leaf_hash)
       select c.before + e.version, c.run_id, e.version, e.type, e.schema_version, gen_random_uuid(), ${own('e.causation_id')},
              ${own('e.correlation_id')}, e.recorded_at, e.actor, ${own('e.data::text')}::json, e.leaf_hash
         from copy c cross join (select * from baton.event where run_id = '${model}') e order by c.n, e.version`,
    `insert into baton.stream (run_id, version, status, first_position, last_position, parent_command)
       select run_id, events, status, before + 1, before + events,
              case when n % 2 = 0 and status = 1 then gen_random_uuid() || '-1' end from copy`,
    `insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority, not_before, deadline, created_at)
       select l.command_seq + row_number() over (), ${own('m.command_id')}, m.lane, c.run_id, m.queue, m.name,
              ${own('m.message::text')}::json, m.priority, m.not_before, m.deadline, m.created_at
         from baton.log l, copy c cross join (select * from baton.command where run_id = '${model}') m`,
    `insert into baton.request (request_id, run_id) select 'copy ' || run_id, run_id from copy`,
    `insert into baton.accepted_request (request_id, run_id, sha256, view)
       select 'copy ' || c.run_id, c.run_id, sha256('copy'), ${own('v.view::text')}::json from ${view}`,
    `insert into baton.run_view (run_id, version, status, workflow, labels, started_at, view, memory, decision_mode, submitted_by,
                                words, ended_at, cost_micro_usd, cost_digits, is_person_asked)
       select c.run_id, v.version, v.status, v.workflow, v.labels, v.started_at - c.n * interval '1 second',
              ${own('v.view::text')}::json, ${own('v.memory::text')}::json, v.decision_mode, v.submitted_by,
              v.words, v.ended_at - c.n * interval '1 second', v.cost_micro_usd, v.cost_digits, v.is_person_asked from ${view}`,
    `insert into baton.run_usage_view
       select c.run_id, u.workflow, u.status, u.started_at - c.n * interval '1 second', u.ended_at - c.n * interval '1 second',
              u.tasks, u.input_tokens, u.output_tokens, u.cost_micro_usd, u.unpriced, u.decisions, u.escalations, u.rounds
         from copy c cross join (select * from baton.run_usage_view where run_id = '${model}') u`,
    `insert into baton.agent_usage_view
       select c.run_id, u.agent, u.model, u.workflow, u.started_at - c.n * interval '1 second',
              u.tasks, u.input_tokens, u.output_tokens, u.cost_micro_usd, u.unpriced
         from copy c cross join (select * from baton.agent_usage_view where run_id = '${model}') u`,
    `update baton.log set head = (select max(before + events) from copy),
            command_seq = greatest(command_seq, (select max(seq) from baton.command))`,
    'update baton.run_view_cursor set position = (select head from baton.log)',
  ];
};
