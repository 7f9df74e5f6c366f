-- Lists of decisions under a filter that few fit to: of a million each look read all.
create index decision_view_source on baton.decision_view (source, position desc) where position is not null;
create index decision_view_classification on baton.decision_view (classification, position desc) where position is not null;
create index decision_view_action on baton.decision_view (action_type, position desc) where position is not null;
create index decision_view_point on baton.decision_view (point_kind, position desc) where position is not null;
create index decision_view_decided_at on baton.decision_view (decided_at) where position is not null;
-- Runs of one workflow that have failed, among many that have not.
create index run_view_workflow_status on baton.run_view (workflow, status, started_at desc, run_id desc);
