-- What was composed for a goal is published by the hub, at the bidding of the run that composed it: a row more, and nothing
-- else. Only names that follow from what the document says come this way, so none of these can stand for another.
grant insert on baton.workflow to baton_hub;
