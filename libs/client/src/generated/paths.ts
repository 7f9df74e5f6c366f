/* Made of openapi.json by `node libs/client/dist/generate/write-generated.js`. */
import type { Json, JsonObject } from "@baton/contracts";
export interface paths {
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs, newest first */
        get: operations["listRuns"];
        put?: never;
        /**
         * Submit a run
         * @description The same Idempotency-Key, or `requestId` of the body, is one run however often it is sent: with the same body the answer is the same, with another one it is 422.
         */
        post: operations["submitRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/goals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a goal in one sentence
         * @description A run of the workflow goal: it picks among workers and workflows, composes a workflow, has it approved, publishes it under a hash and runs it. `approval: given` runs it unasked, and needs the role approver, too. Sent once as a run is.
         */
        post: operations["submitGoal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A run as it is now
         * @description With who is at each of its tasks, and what is left of its budget.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a run came to
         * @description Refused with 409 while it has not ended.
         */
        get: operations["getRunResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The state after the first events of a run
         * @description Folded from the log and from nothing else.
         */
        get: operations["getRunState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a run changed in its workspace */
        get: operations["getRunDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/diff/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file that a run changed, as it was or as it is
         * @description Rounds as for the difference; `side` says which of the two versions. As an attachment, as plain text.
         */
        get: operations["getRunDiffFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/printed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a tool of a validation printed
         * @description As far as it was kept: `execution.printed` of the tool in the event says what there is.
         */
        get: operations["getPrinted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/model-time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long models took for the tasks of a run
         * @description From the journals of its tasks: calls whose duration is not on record are counted beside.
         */
        get: operations["getRunModelTime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The files that a run made
         * @description While it is at work, and where it did not succeed, those of its newest round.
         */
        get: operations["listArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/artifacts/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file that a run made
         * @description As an attachment, with the type that its name says.
         */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/conversation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said to a model, and done, for one task */
        get: operations["getRunConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a run: nothing new begins in it */
        post: operations["pauseRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a run that is paused */
        post: operations["resumeRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a run that failed, from what failed */
        post: operations["retryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a signal to a run */
        post: operations["signalRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what a run, a decision or a state of it is worth
         * @description An event of the log, also after the end of the run; `GET /v1/runs/{id}` shows it under `ratings`. A run in an archive is brought back for it.
         */
        post: operations["rateRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a new run with the state of another */
        post: operations["forkRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of all runs, as they are or live
         * @description With `Accept: text/event-stream` what happens from now on, or from `after` or Last-Event-ID on: `id` is the position in the log, `data` an EventView. With `also=operations` there are messages `event: operations` between them, every three seconds at most, whose `data` names what has changed and is no event. Under a filter a page may be short, or empty, and have one after it.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of a run, as they are or live
         * @description With `Accept: text/event-stream` every event from there on as it happens: `id` is its version, `data` an EventView, and `event: end` with the status closes the stream of a run that has ended.
         */
        get: operations["listRunEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/task-tokens/success": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say by its token that a task succeeded
         * @description The first answer counts: another one is refused with `task-timed-out`, as is one whose task had no more time, was tried again or belongs to a run that has ended. With an Idempotency-Key the same answer may be sent again.
         */
        post: operations["sendTaskSuccess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/task-tokens/failure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say by its token that a task failed
         * @description The first answer counts: another one is refused with `task-timed-out`, as is one whose task had no more time, was tried again or belongs to a run that has ended. With an Idempotency-Key the same answer may be sent again.
         */
        post: operations["sendTaskFailure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/task-tokens/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say by its token that a task goes on */
        post: operations["sendTaskHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List open questions, or those that were answered */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A question with all that belongs to it */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer a question
         * @description With If-Match the answer counts only for what that ETag names: 412 where something else is asked by now.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List decisions, newest first */
        get: operations["listDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions/judges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the judges agree with the tools */
        get: operations["listJudges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions/patterns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which facts go with the rules being overruled
         * @description Over the decisions of the newest `runs` runs at which an advisor or a person was heard.
         */
        get: operations["findPatterns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What recorded runs say would be better otherwise
         * @description Changes nothing. Over the newest `runs` runs: each with its sample, a policy that the back-test takes as it is, and what came of it there.
         */
        get: operations["recommend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions/backtest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recorded decisions under another policy
         * @description Changes nothing. Some runs at a time: `next` is the cursor of those that follow.
         */
        post: operations["backtestDecisions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs used, by workflow, agent, model or day
         * @description Of the runs that began in the range, and that the caller finds in the list of runs. A child run counts for itself, and not for its parent.
         */
        get: operations["sumUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/foresight/expectations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a run of a workflow would take: time, money, and the chance that it succeeds
         * @description From the newest runs that ended: of the version and with an input of the size that is asked for where there are enough, else of the whole workflow, else nothing.
         */
        get: operations["expectWorkflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/foresight/expectations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a run is expected to take, given what it has done, and what was expected when it began */
        get: operations["expectRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/foresight/calibration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was expected when runs began, held against what came
         * @description It is made of all runs, so a credential that is for certain runs alone is refused.
         */
        get: operations["getCalibration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/anomalies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what of runs was unlike the runs of their workflow before, newest first */
        get: operations["listAnomalies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of all workflows */
        get: operations["listWorkflows"];
        put?: never;
        /** Publish a workflow document, for ever */
        post: operations["publishWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check a document without publishing it */
        post: operations["validateWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Draw a document that need not be published */
        post: operations["drawDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows/consider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the engine would do from a state that is handed in
         * @description From a state of a workflow (`workflow` and `at`), a log (`events`) or a run (`run`), with or without what came of a task. Nothing of it is done, and nothing is stored.
         */
        post: operations["considerState"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A workflow with its document */
        get: operations["getWorkflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows/{ref}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Draw a workflow */
        get: operations["drawWorkflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows/{ref}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Offer a workflow, or one version of it, to nobody any more */
        post: operations["withdrawWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload files that a run is to work on */
        post: operations["uploadWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{tree}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a version */
        get: operations["getWorkspace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lineages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List lineages by name */
        get: operations["listLineages"];
        put?: never;
        /** Begin a line of versions that several runs work on */
        post: operations["createLineage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lineages/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A lineage with its head */
        get: operations["getLineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lineages/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was landed on a lineage, newest first */
        get: operations["listLineageVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs that ended long ago and are in files
         * @description Whoever asks for one of them by its id, in any route, brings it back into the log.
         */
        get: operations["listArchivedRuns"];
        put?: never;
        /** Archive now what is due */
        post: operations["archiveRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhooks */
        get: operations["listWebhooks"];
        put?: never;
        /** Have an endpoint told of what happens */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A webhook */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Remove a webhook */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to a webhook, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test to a webhook now */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{deliveryId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who works */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a worker take no more tasks
         * @description It ends those that it has, and stays; it hears of it within three seconds.
         */
        post: operations["drainWorker"];
        /** Have a worker take tasks again */
        delete: operations["undrainWorker"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much waits in each queue */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have everything that is under way sent to the queues again
         * @description Harmless where the queues hold it already.
         */
        post: operations["rebuildQueues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages that could not be taken, newest first */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/requeue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a message taken up again */
        post: operations["requeueDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What models are asked with */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every text of a template that a service worked with */
        get: operations["getTemplateHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{id}/texts/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The exact text of a template */
        get: operations["getTemplateText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the rules by which people are told */
        get: operations["listNotificationRules"];
        put?: never;
        /**
         * Have people told of what happens
         * @description From now on. Secrets are named, and stand in the environment of the orchestrators.
         */
        post: operations["createNotificationRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A rule */
        get: operations["getNotificationRule"];
        put?: never;
        post?: never;
        /** Remove a rule, with all that it was still to tell */
        delete: operations["removeNotificationRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{name}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was told by a rule, newest first, and what came of it */
        get: operations["listNotificationMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a test sent by a rule now, whatever the hour
         * @description An orchestrator sends it; it is waited for, for twelve seconds.
         */
        post: operations["testNotificationRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-rules/{name}/messages/{messageId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message again */
        post: operations["retryNotificationMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Have runs started at certain times
         * @description Refused where it would never be due, or where a run of it would be refused today. Its runs are submitted in the name of the key that makes it, with the labels `schedule` and `due`; where that may start no such run any more when one is due, the schedule is stopped.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A schedule, with its next due times and what became of the last ones */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        /**
         * Remove a schedule
         * @description Its runs stay. With If-Match only as it was seen.
         */
        delete: operations["removeSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start no more runs of a schedule
         * @description Its runs that are under way go on.
         */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start runs of a schedule again
         * @description What was due meanwhile is not caught up with.
         */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have runs of a schedule started in your name
         * @description Such as where it was stopped because whoever made it may start no more of its runs. That works again from now on; what was due meanwhile is not caught up with. Where nothing is due any more it is refused (schedule-ended): trigger starts a run.
         */
        post: operations["takeOverSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run of a schedule now
         * @description Whatever else of it is under way, and also where it rests or has ended.
         */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List hooks */
        get: operations["listHooks"];
        put?: never;
        /**
         * Have somebody outside start runs
         * @description The secret is in the variable `BATON_HOOK_<secret>_SECRET` of the gateway. Runs are submitted in the name of whoever makes the hook, whose rights are asked again each time.
         */
        post: operations["createHook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hooks/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a hook
         * @description Its runs stay.
         */
        delete: operations["removeHook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/{hook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run from outside
         * @description For whoever has the secret of the hook: Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), GitHub (`X-Hub-Signature-256`, `X-GitHub-Delivery`), or `Authorization: Bearer` with an `Idempotency-Key`. The same delivery is the same run; one of GitHub is told by its body.
         */
        post: operations["callHook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ways to sign in */
        get: operations["getSignInOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, and what guards what they do */
        get: operations["getSession"];
        put?: never;
        /**
         * Sign in with a browser
         * @description With a code, which is good for once, or a key or token. The answer sets a cookie that no script can read. With the cookie whatever is no GET needs the header `x-baton-csrf` with the `csrf` of the answer; a request with a bearer token ignores it.
         */
        post: operations["signIn"];
        /** Sign out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Browsers that are signed in
         * @description An admin sees those of everybody, whoever else their own. No secret is among them.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session, one’s own or as an admin any */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in at the identity provider
         * @description For a browser to go to: it is led to the provider, and from there to `/v1/auth/oidc/callback`.
         */
        get: operations["startOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the identity provider leads back to */
        get: operations["finishOidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A code with which the caller signs in with a browser
         * @description Good for once, for ten minutes, for a session of the credential that asks for it.
         */
        post: operations["createSignInCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Recompute the log and what follows from it, and hold it against what was published
         * @description As `application/x-ndjson` lines that say how far it is, and last of all what came of it: whoever waits for long hears that it goes on.
         */
        get: operations["verifyLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest published checkpoint, and whether the log goes on being signed */
        get: operations["getCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/prove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** That an event of a run is in the signed log */
        get: operations["proveEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Decide the log, or one run, again and compare
         * @description With `Accept: text/event-stream` a `progress` every now and then, and at last the `report`, or a `problem` where it could not be done.
         */
        get: operations["replayLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A bundle that can be checked without Baton */
        get: operations["exportLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List keys, oldest first */
        get: operations["listKeys"];
        put?: never;
        /** Make a key */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/keys/{name}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another key of the name
         * @description The key of before goes on for a while beside it. Whoever has a key may rotate that one.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is taken for */
        get: operations["getCaller"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was refused, and what was asked of the gateway, newest first */
        get: operations["listAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/log/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recompute the log of access */
        get: operations["verifyAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/keys/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/personal/lookups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The runs that hold something of a person, under seal
         * @description Whom it is about stands in the body, since addresses are written to logs.
         */
        post: operations["lookUpPersonal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/personal/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was erased, when, by whom and why */
        get: operations["listErasures"];
        put?: never;
        /**
         * Destroy the key of a person, for good
         * @description Answers when no process remembers the key either.
         */
        post: operations["erasePersonal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schemas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The schemas of the messages on the queues */
        get: operations["listSchemas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schemas/workflow-document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The schema of a workflow document, for editors */
        get: operations["getWorkflowSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the gateway can do its work */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccessLog: {
            entries: {
                position: number;
                at: string;
                kind: string;
                actor: components["schemas"]["Actor"] | null;
                address: string | null;
                route: string | null;
                code: string | null;
                about: string | null;
                count: number;
                detail: components["schemas"]["Json"] | null;
                hash: string;
            }[];
            next: string | null;
        };
        AccessLogCheck: {
            verified: boolean;
            entries: number;
            hash: string;
            signed: number | null;
            problem: string | null;
        };
        AccessScope: {
            workflows?: string[] | undefined;
            labels?: {
                [key: string]: string;
            } | undefined;
            /** @constant */
            own?: true | undefined;
        };
        Actor: {
            /** @enum {string} */
            type: "user" | "apikey" | "agent" | "system" | "producer";
            id: string;
            via?: string;
            person?: string;
            knownTo?: string[];
        };
        AnomalyList: {
            anomalies: components["schemas"]["AnomalyView"][];
            next: string | null;
        };
        AnomalyView: {
            /** @enum {string} */
            measure: "duration" | "cost" | "rounds" | "score" | "disagreement" | "errors" | "failures";
            /** @enum {string} */
            direction: "high" | "low";
            value: number;
            /** @default null */
            windowSize: number | null;
            median: number | null;
            deviations: number | null;
            sampleSize: number | null;
            falseAlarmRate: number | null;
            /** Format: uuid */
            runId: string;
            workflow: string;
            workflowVersion: string;
            at: string;
            position: number;
        };
        AnsweredApproval: {
            approvalId: string;
            /** Format: uuid */
            runId: string;
            workflow: string;
            workflowVersion: string;
            state: string;
            title: string | null;
            since: string;
            dueAt: string | null;
            /** @enum {string} */
            status: "approve" | "reject" | "request-changes" | "answer";
            sha256: string;
            settledAt: string;
            settledBy: components["schemas"]["Actor"];
            comment: string;
            move: string | null;
            approvedBy: components["schemas"]["Actor"][];
        };
        AnsweredApprovalList: {
            approvals: components["schemas"]["AnsweredApproval"][];
            next: string | null;
        };
        ApiKeyCreated: {
            name: string;
            roles: components["schemas"]["Role"][];
            scope: components["schemas"]["AccessScope"] | null;
            person: string | null;
            expiresAt: string | null;
            key: string;
        };
        ApiKeyList: {
            keys: components["schemas"]["ApiKeyView"][];
        };
        ApiKeyRotated: {
            name: string;
            roles: components["schemas"]["Role"][];
            scope: components["schemas"]["AccessScope"] | null;
            person: string | null;
            expiresAt: string | null;
            key: string;
            previousUntil: string;
        };
        ApiKeyView: {
            name: string;
            roles: components["schemas"]["Role"][];
            scope: components["schemas"]["AccessScope"] | null;
            person: string | null;
            /** @enum {string} */
            status: "active" | "replaced" | "expired" | "revoked";
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
            expiresAt: string | null;
            lastUsedAt: string | null;
            replacedAt: string | null;
            revokedAt: string | null;
        };
        ApprovalAnswerBody: {
            requestId?: string | undefined;
            /** @enum {string} */
            decision: "approve" | "reject" | "request-changes" | "answer";
            comment?: string | undefined;
            move?: string | undefined;
            output?: components["schemas"]["Json"] | undefined;
            workspace?: {
                tree: string;
            } | undefined;
        };
        ApprovalList: {
            approvals: components["schemas"]["ApprovalSummary"][];
            next: string | null;
        };
        ApprovalPage: components["schemas"]["AnsweredApprovalList"] | components["schemas"]["ApprovalList"];
        ApprovalPolicy: {
            approvers?: string[] | undefined;
            count?: number | undefined;
            excludeSubmitter?: boolean | undefined;
            due?: {
                remindAfterSeconds?: number | undefined;
                escalateAfterSeconds?: number | undefined;
                escalateTo?: string[] | undefined;
            } | undefined;
        };
        ApprovalSummary: {
            approvalId: string;
            /** Format: uuid */
            runId: string;
            workflow: string;
            workflowVersion: string;
            state: string;
            title: string | null;
            since: string;
            dueAt: string | null;
            /** @enum {string} */
            status: "open" | "approve" | "reject" | "request-changes" | "answer" | "gone";
            sha256: string;
        };
        ApprovalView: {
            approvalId: string;
            /** Format: uuid */
            runId: string;
            workflow: string;
            workflowVersion: string;
            state: string;
            title: string | null;
            since: string;
            dueAt: string | null;
            /** @enum {string} */
            status: "open" | "approve" | "reject" | "request-changes" | "answer" | "gone";
            sha256: string;
            arguments: components["schemas"]["Json"];
            settledAt: string | null;
            settledBy: components["schemas"]["Actor"] | null;
            comment: string | null;
            policy: components["schemas"]["ApprovalPolicy"] | null;
            submittedBy: components["schemas"]["Actor"];
            approvals: {
                by: components["schemas"]["Actor"];
                comment: string;
                at: string;
            }[];
            missing: {
                count: number;
                from: string[] | null;
            } | null;
            /** @default null */
            blocked: string | null;
            remindedAt: string | null;
            escalatedAt: string | null;
        };
        ArchiveDone: {
            runs: number;
            files: number;
        };
        ArchiveList: {
            afterSeconds: number | null;
            where: string;
            problem: string | null;
            runs: components["schemas"]["ArchivedRunView"][];
            next: string | null;
        };
        ArchivedRunView: {
            /** Format: uuid */
            runId: string;
            workflow: string;
            status: string;
            labels: {
                [key: string]: string;
            };
            submittedBy: string;
            startedAt: string;
            endedAt: string;
            archivedAt: string;
            events: number;
            file: string;
        };
        ArtifactList: {
            /** Format: uuid */
            runId: string;
            artifacts: {
                path: string;
                size: number;
                sha256: string;
                mediaType: string;
            }[];
        };
        BacktestReport: {
            runs: number;
            decisions: number;
            counts: {
                [key: string]: number;
            };
            differing: {
                /** Format: uuid */
                runId: string;
                version: number;
                decisionId: string;
                point: {
                    kind: string;
                    state: string;
                };
                result: string;
                before: {
                    actionType: string;
                    target: string | null;
                    recoveryStrategy: string | null;
                    classification: string;
                    source: string;
                    rationale: string;
                };
                after: {
                    actionType: string;
                    target: string | null;
                    recoveryStrategy: string | null;
                    classification: string;
                    source: string;
                    rationale: string;
                } | null;
                note: string;
                isBeyondDifference: boolean;
            }[];
            next: string | null;
        };
        Calibration: {
            workflow: string | null;
            ended: number;
            notEnough: number;
            duration: {
                n: number;
                coverage: number | null;
                coverageLow: number | null;
                coverageHigh: number | null;
                below: number;
                above: number;
                medianFactor: number | null;
                pinball: number | null;
            };
            cost: {
                n: number;
                coverage: number | null;
                coverageLow: number | null;
                coverageHigh: number | null;
                below: number;
                above: number;
                medianFactor: number | null;
                pinball: number | null;
            };
            success: {
                n: number;
                expected: number | null;
                actual: number | null;
                brier: number | null;
                brierOfMean: number | null;
            };
        };
        CalibrationReport: {
            total: components["schemas"]["Calibration"];
            workflows: components["schemas"]["Calibration"][];
            most: number;
            isCut: boolean;
        };
        CheckpointView: {
            /** @enum {string} */
            status: "running" | "stopped" | "off";
            origin: string;
            checkpoint: string | null;
            key: string | null;
            rotations: string[];
            where: string | null;
            waiting: number;
            problem: string | null;
            consistency: {
                from: number;
                path: string[];
            } | null;
        };
        ConsiderBody: {
            workflow?: (string | components["schemas"]["JsonObject"]) | undefined;
            at?: {
                state: string;
                input?: components["schemas"]["Json"] | undefined;
                variables?: components["schemas"]["JsonObject"] | undefined;
                runInput?: components["schemas"]["JsonObject"] | undefined;
                phase?: string | undefined;
                scores?: {
                    phase: string;
                    round: number;
                    scores: {
                        [key: string]: number;
                    };
                }[] | undefined;
                errorCount?: number | undefined;
            } | undefined;
            events?: ({
                type: string;
                schemaVersion?: number | undefined;
                data: components["schemas"]["Json"];
            } & {
                [key: string]: unknown;
            })[] | undefined;
            run?: {
                id: string;
                at?: number | undefined;
            } | undefined;
            outcome?: {
                state?: string | undefined;
                output?: components["schemas"]["Json"] | undefined;
                error?: string | undefined;
                cause?: string | undefined;
                retryable?: boolean | undefined;
                /** @enum {string} */
                decision?: ("approve" | "reject" | "request-changes" | "answer") | undefined;
                comment?: string | undefined;
                move?: string | undefined;
            } | undefined;
        };
        Considered: {
            /** @enum {string} */
            status: "running" | "paused" | "succeeded" | "failed" | "cancelled";
            phase: string | null;
            question: {
                point: {
                    kind: string;
                    state: string;
                };
                classification: string;
                reasons: string[];
                phase: string | null;
                round: number | null;
                scores: {
                    [key: string]: number;
                } | null;
                rule: {
                    id: string;
                    actionType: string;
                    target: string | null;
                    targetAgent: string | null;
                    recoveryStrategy: string | null;
                    text: string;
                };
                rationale: string;
                moves: {
                    id: string;
                    actionType: string;
                    target: string | null;
                    targetAgent: string | null;
                    recoveryStrategy: string | null;
                    text: string;
                }[];
                blocked: {
                    move: {
                        id: string;
                        actionType: string;
                        target: string | null;
                        targetAgent: string | null;
                        recoveryStrategy: string | null;
                        text: string;
                    };
                    reason: string;
                }[];
            } | null;
            decisions: {
                point: {
                    kind: string;
                    state: string;
                };
                classification: string;
                source: string;
                actionType: string;
                target: string | null;
                rationale: string;
                round: number | null;
                scores: {
                    [key: string]: number;
                } | null;
                recoveryStrategy: string | null;
            }[];
            waitsFor: {
                state: string;
                resource: string | null;
                attempt: number;
                arguments: components["schemas"]["Json"];
                deadline: string | null;
            }[];
            output: components["schemas"]["Json"];
            error: string | null;
            cause: string | null;
        };
        Conversation: {
            commandId: string;
            entries: components["schemas"]["ConversationEntry"][];
            steps?: {
                step: number;
                source: string;
                namespace: string;
                checkpoint: string;
                changed: string[];
            }[];
            unread: number;
        };
        ConversationEntry: {
            /** @constant */
            kind: "opening";
            system: string;
            prompt: string;
            tools: string[];
            parts?: {
                name: string;
                characters: number;
            }[];
        } | {
            /** @constant */
            kind: "answer";
            text: string;
            content: components["schemas"]["JsonObject"][];
            calls: {
                id: string;
                name: string;
                input: components["schemas"]["Json"];
            }[];
            cachedFrom?: {
                commandId: string;
                /** Format: date-time */
                at: string;
            };
            stopReason: string;
            model: string;
            usage: {
                inputTokens: number;
                outputTokens: number;
                cacheReadTokens: number;
                cacheWriteTokens: number;
            };
            requestId: string | null;
            tookMs: number;
        } | {
            /** @constant */
            kind: "outcome";
            callId: string;
            text: string;
            isError: boolean;
            changes: {
                path: string;
                now: {
                    sha256: string;
                    size: number;
                    isExecutable: boolean;
                } | null;
            }[];
            heldBack?: string;
            answer?: components["schemas"]["Json"];
            media?: {
                name: string;
                /** @enum {string} */
                mediaType: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "application/pdf";
                sha256: string;
                size: number;
            }[];
            knowledge?: {
                read: {
                    source: string;
                    sha256: string;
                    bytes: number;
                    /** Format: date-time */
                    at: string;
                    shownBytes: number;
                }[];
                leftOut: {
                    location: string;
                    reason: string;
                }[];
                searched: {
                    sources: number;
                    bytes: number;
                };
            };
            tookMs: number;
        } | {
            /** @constant */
            kind: "cut";
            message: string;
            code: string;
            retryAfterMs?: number;
            stopReason: string;
            model: string;
            usage: {
                inputTokens: number;
                outputTokens: number;
                cacheReadTokens: number;
                cacheWriteTokens: number;
            };
            requestId: string | null;
            tookMs: number;
        } | {
            /** @constant */
            kind: "failure";
            message: string;
            code: string;
            next: string;
            stopReason: string;
            model: string;
            usage: {
                inputTokens: number;
                outputTokens: number;
                cacheReadTokens: number;
                cacheWriteTokens: number;
            };
            requestId: string | null;
            tookMs: number;
        } | {
            /** @constant */
            kind: "documents";
            text: string;
            media: {
                name: string;
                /** @enum {string} */
                mediaType: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "application/pdf";
                sha256: string;
                size: number;
            }[];
            knowledge: {
                read: {
                    source: string;
                    sha256: string;
                    bytes: number;
                    /** Format: date-time */
                    at: string;
                    shownBytes: number;
                }[];
                leftOut: {
                    location: string;
                    reason: string;
                }[];
                searched: {
                    sources: number;
                    bytes: number;
                };
            };
        };
        CreateApiKey: {
            name: string;
            roles: components["schemas"]["Role"][];
            scope?: components["schemas"]["AccessScope"] | undefined;
            for?: string | undefined;
            expiresInSeconds?: number | undefined;
        };
        CreateHookBody: {
            name: string;
            /** @enum {string} */
            verify: "standard" | "github" | "bearer";
            secret: string;
            run: {
                workflow: string;
                priority?: number | undefined;
                labels?: {
                    [key: string]: string;
                } | undefined;
                decisions?: {
                    /** @enum {string} */
                    mode: "programmatic" | "llm" | "hybrid" | "shadow" | "auto";
                } | undefined;
                agents?: {
                    model?: string | undefined;
                    templates?: {
                        [key: string]: string;
                    } | undefined;
                    mcpServers?: string[] | undefined;
                } | undefined;
                by?: {
                    [key: string]: "human";
                } | undefined;
                budget?: {
                    usd?: number | undefined;
                    tokens?: number | undefined;
                    /** Format: duration */
                    wallClock?: string | undefined;
                } | undefined;
            };
            input?: components["schemas"]["Json"] | undefined;
        };
        CreateLineage: {
            name: string;
            workspace: {
                tree: string;
                commit?: string | undefined;
                prefix?: string | undefined;
                ref?: string | undefined;
                name?: string | undefined;
            };
        };
        CreateRuleBody: {
            name: string;
            channel: components["schemas"]["NotificationChannel"];
            /**
             * @default [
             *       "approval.requested",
             *       "run.finished"
             *     ]
             */
            events: components["schemas"]["WebhookEvent"][];
            statuses?: ("succeeded" | "failed" | "cancelled")[] | undefined;
            workflows?: string[] | undefined;
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            quiet?: components["schemas"]["QuietHoursRequest"] | undefined;
            /** @default 0 */
            digestMinutes: number;
            remind?: {
                everyMinutes: number;
                /** @default 3 */
                most: number;
            } | undefined;
        };
        CreateScheduleBody: {
            name: string;
            timing: components["schemas"]["ScheduleTimingRequest"];
            run: components["schemas"]["ScheduledRun"];
            /**
             * @default skip
             * @enum {string}
             */
            overlap: "allow" | "skip" | "queue";
            /** @default {} */
            catchUp: {
                /**
                 * @default last
                 * @enum {string}
                 */
                policy: "skip" | "last" | "all";
                /** @default 10 */
                most: number;
                /** @default 86400 */
                withinSeconds: number;
            };
            /** @default 0 */
            jitterSeconds: number;
            /** Format: date-time */
            endsAt?: string | undefined;
        };
        CreateWebhookBody: {
            url: string;
            events?: components["schemas"]["WebhookEvent"][] | undefined;
            workflows?: string[] | undefined;
            labels?: {
                [key: string]: string;
            } | undefined;
            secret?: string | undefined;
        };
        DeadLetterList: {
            deadLetters: components["schemas"]["DeadLetterView"][];
            next: string | null;
        };
        DeadLetterView: {
            id: number;
            at: string;
            source: string;
            name: string;
            reason: string;
            message: string;
            requestId?: string;
            runId?: string;
            commandId?: string;
            isCut: boolean;
            isRefused?: boolean;
            requeuedAt?: string;
            requeuedBy?: components["schemas"]["Actor"];
            sentAt?: string;
        };
        DecisionList: {
            decisions: components["schemas"]["DecisionView"][];
            next: string | null;
        };
        DecisionPolicy: {
            /** @enum {string} */
            mode?: ("programmatic" | "llm" | "hybrid" | "shadow") | undefined;
            thresholds?: {
                [key: string]: number;
            } | undefined;
            maxRounds?: number | undefined;
            recovery?: {
                /**
                 * @description What may be tried, each once: the one that fits the error first.
                 * @default []
                 */
                strategies: ("extended_timeout" | "escalate_model" | "alternate_template" | "reduced_scope" | "same")[];
                /**
                 * @description How often in one visit of a state.
                 * @default 1
                 */
                most: number;
                /**
                 * @description `human`: what is left then is decided by a person, in every mode, before catchers are asked or the run fails.
                 * @constant
                 */
                then?: "human" | undefined;
            } | undefined;
            limits?: {
                errors?: number | undefined;
                drop?: number | undefined;
                gain?: number | undefined;
                spread?: number | undefined;
            } | undefined;
        };
        DecisionView: {
            decisionId: string;
            /** Format: uuid */
            runId: string;
            workflow: string;
            version: number;
            decidedAt: string;
            point: {
                kind: string;
                state: string;
            };
            classification: string;
            reasons: string[];
            source: string;
            actionType: string;
            target: string | null;
            rationale: string;
            phase: string | null;
            round: number | null;
            confidence: number | null;
            recoveryStrategy: string | null;
            programmaticAlternative: string | null;
            conflictReason: string | null;
            adviceRejected: string | null;
            shadow: {
                move: string | null;
                confidence: number | null;
                problem: string | null;
                costUsd: number | null;
            } | null;
            latencyMs: number;
            costUsd: number | null;
        };
        ErasePersonal: {
            subject: string;
            reason: string;
        };
        EventList: {
            events: components["schemas"]["EventView"][];
            next: string | null;
        };
        EventProof: {
            origin: string;
            checkpoint: string;
            rotations: string[];
            event: {
                position: number;
                runId: string;
                version: number;
                type: string;
                schemaVersion: number;
                eventId: string;
                causationId: string | null;
                correlationId: string | null;
                recordedAt: string;
                actorText: string;
                dataText: string;
            };
            inclusion: string[];
            consistency: {
                from: number;
                path: string[];
            } | null;
        };
        EventView: {
            position: number;
            /** Format: uuid */
            runId: string;
            version: number;
            type: string;
            schemaVersion: number;
            eventId: string;
            causationId: string | null;
            correlationId: string | null;
            recordedAt: string;
            actor: components["schemas"]["Actor"];
            data: components["schemas"]["Json"];
            summary: string;
        };
        Expectation: {
            /** @constant */
            status: "known";
            /** @enum {string} */
            from: "version-and-size" | "workflow";
            sampleSize: number;
            durationMs: {
                p10: number;
                p50: number;
                p90: number;
            };
            costUsd: {
                p10: number;
                p50: number;
                p90: number;
            } | null;
            costSampleSize: number;
            success: {
                rate: number;
                low: number;
                high: number;
                succeeded: number;
                sampleSize: number;
            };
        } | {
            /** @constant */
            status: "not-enough";
            sampleSize: number;
            needed: number;
        };
        Firing: {
            dueAt: string;
            untilAt: string;
            count: number;
            /** @enum {string} */
            outcome: "started" | "queued" | "overlapped" | "missed";
            isManual: boolean;
            runId: string | null;
            status: ("accepted" | "running" | "paused" | "succeeded" | "failed" | "cancelled" | "refused" | "unknown") | null;
            reason: string | null;
        };
        ForkRunBody: {
            at: number;
            /** Format: uuid */
            forkId?: string | undefined;
            labels?: {
                [key: string]: string;
            } | undefined;
            set?: components["schemas"]["JsonObject"] | undefined;
            input?: components["schemas"]["Json"] | undefined;
            requestId?: string | undefined;
        };
        HookDelivery: {
            [key: string]: unknown;
        };
        HookList: {
            hooks: components["schemas"]["HookView"][];
        };
        HookTaken: {
            /** @constant */
            status: "accepted";
            runId: string;
        } | {
            /** @constant */
            status: "ignored";
        };
        HookView: {
            name: string;
            /** @enum {string} */
            verify: "standard" | "github" | "bearer";
            secret: string;
            run: {
                workflow: string;
                priority?: number;
                labels?: {
                    [key: string]: string;
                };
                decisions?: {
                    /** @enum {string} */
                    mode: "programmatic" | "llm" | "hybrid" | "shadow" | "auto";
                };
                agents?: {
                    model?: string;
                    templates?: {
                        [key: string]: string;
                    };
                    mcpServers?: string[];
                };
                by?: {
                    [key: string]: "human";
                };
                budget?: {
                    usd?: number;
                    tokens?: number;
                    /** Format: duration */
                    wallClock?: string;
                };
            };
            input?: components["schemas"]["Json"];
            createdBy: components["schemas"]["Actor"];
            madeAt: string;
        };
        ItemRef: {
            index: number;
            name: string | null;
        };
        /** @description Any JSON value. */
        Json: Json;
        JsonObject: JsonObject;
        JudgeList: {
            judges: {
                template: string | null;
                /** @default null */
                variant: string | null;
                model: string | null;
                n: number;
                agreement: number;
                kappa: number | null;
                kappaUndefined: string | null;
                falsePasses: number;
                falseAlarms: number;
            }[];
        };
        KeptFact: {
            state: string;
            /** @enum {string} */
            what: "result" | "failure" | "timeout" | "answer" | "advice" | "timer" | "signal" | "question";
            since: string;
        };
        LineageList: {
            lineages: components["schemas"]["LineageView"][];
            next: string | null;
        };
        LineageLog: {
            name: string;
            versions: components["schemas"]["LineageVersion"][];
            next: string | null;
        };
        LineageVersion: {
            number: number;
            tree: string;
            recordedAt: string;
            runId: string | null;
            state: string | null;
            actor: components["schemas"]["Actor"];
        };
        LineageView: {
            name: string;
            workspace: components["schemas"]["WorkspaceInput"];
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
            head: components["schemas"]["LineageVersion"];
        };
        Liveness: {
            /** @constant */
            status: "alive";
        };
        LookUpPersonal: {
            subject: string;
        };
        MapView: {
            state: string;
            item: components["schemas"]["ItemRef"] | null;
            total: number;
            running: number;
            succeeded: number;
            failed: number;
            cancelled: number;
            startedAt: string;
            endedAt: string | null;
            failures: {
                index: number;
                name: string | null;
                error: string;
                cause: string;
            }[];
        };
        MessageList: {
            messages: components["schemas"]["NotificationMessage"][];
        };
        ModelTime: {
            /** Format: uuid */
            runId: string;
            tasks: {
                commandId: string;
                calls: number;
                unmeasured: number;
                modelMs: number;
            }[];
            isWhole: boolean;
        };
        NotificationChannel: {
            /** @constant */
            type: "email";
            to: string[];
        } | {
            /** @constant */
            type: "slack";
            urlFrom: string;
        };
        NotificationMessage: {
            /** Format: uuid */
            messageId: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            types: string[];
            runIds: string[];
            createdAt: string;
            attempts: number;
            nextAttemptAt: string | null;
            error: string | null;
        };
        Outlook: {
            /** @constant */
            status: "known";
            /** @enum {string} */
            from: "version-and-size" | "workflow";
            sampleSize: number;
            durationMs: {
                p10: number;
                p50: number;
                p90: number;
            };
            costUsd: {
                p10: number;
                p50: number;
                p90: number;
            } | null;
            costSampleSize: number;
            success: {
                rate: number;
                low: number;
                high: number;
                succeeded: number;
                sampleSize: number;
            };
            /** @enum {string} */
            given: "step" | "elapsed";
            state: string | null;
            visit: number | null;
            elapsedMs: number;
            endsInMs: {
                p10: number;
                p50: number;
                p90: number;
            };
        } | {
            /** @constant */
            status: "beyond-history";
            elapsedMs: number;
            longer: number;
            sampleSize: number;
        } | {
            /** @constant */
            status: "not-comparable";
            /** @enum {string} */
            why: "forked" | "retried";
        } | {
            /** @constant */
            status: "not-enough";
            sampleSize: number;
            needed: number;
        };
        PatternReport: {
            window: {
                workflow: string | null;
                since: string | null;
                until: string;
                runs: number;
                decisions: number;
                runsRead: number;
                isCut: boolean;
            };
            overrides: {
                count: number;
                of: number;
                share: number;
                interval: {
                    low: number;
                    high: number;
                };
            } | null;
            bySource: {
                [key: string]: number;
            };
            patterns: {
                facts: string[];
                withFacts: {
                    count: number;
                    of: number;
                    share: number;
                    interval: {
                        low: number;
                        high: number;
                    };
                };
                without: {
                    count: number;
                    of: number;
                    share: number;
                    interval: {
                        low: number;
                        high: number;
                    };
                } | null;
                lift: number;
                oddsRatio: number;
                interval: {
                    low: number;
                    high: number;
                };
                p: number;
                q: number;
                examples: {
                    /** Format: uuid */
                    runId: string;
                    version: number | null;
                    decisionId: string | null;
                }[];
            }[];
            tested: number;
            tooFew: number;
            leftOff: number;
            least: number;
            level: number;
        };
        PersonalErasureList: {
            erasures: components["schemas"]["PersonalErasureView"][];
        };
        PersonalErasureView: {
            keyId: string;
            runs: number;
            at: string;
            by: components["schemas"]["Actor"];
            reason: string;
        };
        PersonalSubjectView: {
            keyId: string;
            since: string;
            runs: string[];
            more: boolean;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            next?: string;
            errors?: {
                pointer: string;
                detail: string;
            }[];
            requestId?: string;
        };
        QueueList: {
            queues: components["schemas"]["QueueView"][];
            /** @default [] */
            caps: {
                cap: string;
                underWay: number;
                most: number;
                waiting: number;
            }[];
            /** @default [] */
            models: {
                model: string;
                underWay: number;
                waiting: number;
                requestsLastMinute: number;
                tokensLastMinute: number;
                mostAtOnce: number | null;
                mostRequests: number | null;
                mostTokens: number | null;
            }[];
        };
        QueueView: {
            name: string;
            waiting: number;
            oldestMs: number | null;
            active: number;
            delayed: number;
            completed: number;
            doneLastMinute: number;
            failed: number;
        };
        QuietHours: {
            from: string;
            to: string;
            /** @default UTC */
            timeZone: string;
            /** @default [] */
            days: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[];
        };
        QuietHoursRequest: {
            from: string;
            to: string;
            /** @default UTC */
            timeZone: string;
            /** @default [] */
            days: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[];
        };
        RateRunBody: {
            requestId?: string | undefined;
            score: number;
            note?: string | undefined;
            decisionId?: string | undefined;
            state?: string | undefined;
        };
        Readiness: {
            /** @constant */
            status: "ready";
            phase: string;
            checks: {
                [key: string]: string;
            };
            facts?: {
                [key: string]: string;
            };
        };
        ReasonBody: {
            requestId?: string | undefined;
            reason?: string | undefined;
        };
        RebuildAccepted: {
            /** @constant */
            status: "accepted";
        };
        RecommendationReport: {
            window: {
                workflow: string | null;
                since: string | null;
                until: string;
                runs: number;
                decisions: number;
                runsRead: number;
                isCut: boolean;
            };
            recommendations: {
                id: string;
                /** @enum {string} */
                kind: "threshold-idle" | "threshold-decides-all" | "judge-passes-failures" | "score-against-ratings" | "cheaper-model" | "retries-never-help" | "rule-overruled";
                subject: {
                    [key: string]: string;
                };
                title: string;
                why: string;
                evidence: {
                    n: number;
                    counts: {
                        [key: string]: number;
                    };
                    share: {
                        count: number;
                        of: number;
                        share: number;
                        interval: {
                            low: number;
                            high: number;
                        };
                    } | null;
                    observational: {
                        runs: number;
                        notAtRandom: number;
                        ofEvaluations: number;
                    } | null;
                    examples: {
                        /** Format: uuid */
                        runId: string;
                        version: number | null;
                        decisionId: string | null;
                    }[];
                };
                effect: {
                    /** @enum {string} */
                    per: "run" | "decision" | "retry";
                    costUsd: {
                        mean: number;
                        interval: {
                            low: number;
                            high: number;
                        } | null;
                        n: number;
                    } | null;
                    ms: {
                        mean: number;
                        interval: {
                            low: number;
                            high: number;
                        } | null;
                        n: number;
                    } | null;
                    text: string;
                };
                confidence: number;
                policy: components["schemas"]["JsonObject"] | null;
                change: ({
                    /** @constant */
                    in: "workflow";
                    workflow: string;
                    version: string;
                    /** @enum {string} */
                    op: "add" | "replace" | "remove";
                    path: string;
                    value?: unknown;
                } | {
                    /** @constant */
                    in: "setting";
                    name: string;
                    value: string;
                }) | null;
                backtest: {
                    workflow: string;
                    since: string | null;
                    until: string;
                    runs: number;
                    decisions: number;
                    counts: {
                        [key: string]: number;
                    };
                    differing: number;
                    first: number;
                } | null;
            }[];
            looked: {
                /** @enum {string} */
                kind: "threshold-idle" | "threshold-decides-all" | "judge-passes-failures" | "score-against-ratings" | "cheaper-model" | "retries-never-help" | "rule-overruled";
                what: string;
                looked: number;
                tooFew: number;
                least: number;
                note: string;
            }[];
        };
        ReplayFault: {
            runId: string;
            version: number;
            position: number | null;
            problem: string;
            recorded: {
                type: string;
                data: components["schemas"]["Json"];
            } | null;
            decided: {
                type: string;
                data: components["schemas"]["Json"];
            } | null;
        };
        ReplayReport: {
            verified: boolean;
            runs: number;
            events: number;
            engine: number;
            engines: components["schemas"]["ReplayedEngine"][];
            fault: components["schemas"]["ReplayFault"] | null;
            durationMs: number;
        };
        ReplayedEngine: {
            engine: number | null;
            orders: number;
            events: number;
            otherwise: number;
            example: components["schemas"]["ReplayFault"] | null;
            firstPosition: number;
            lastPosition: number;
        };
        RequestBody: {
            requestId?: string | undefined;
        };
        /** @enum {string} */
        Role: "viewer" | "submitter" | "approver" | "operator" | "auditor" | "admin";
        RotateApiKey: {
            /** @default 86400 */
            overlapSeconds: number;
            expiresInSeconds?: number | undefined;
        };
        RuleList: {
            rules: components["schemas"]["RuleView"][];
            /** @default [] */
            unreadable: string[];
        };
        RuleView: {
            name: string;
            channel: components["schemas"]["NotificationChannel"];
            /**
             * @default [
             *       "approval.requested",
             *       "run.finished"
             *     ]
             */
            events: components["schemas"]["WebhookEvent"][];
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            /** @default 0 */
            digestMinutes: number;
            /** Format: uuid */
            ruleId: string;
            statuses: ("succeeded" | "failed" | "cancelled")[] | null;
            workflows: string[] | null;
            quiet: components["schemas"]["QuietHours"] | null;
            remind: {
                everyMinutes: number;
                /** @default 3 */
                most: number;
            } | null;
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
        };
        RunAccepted: {
            /** Format: uuid */
            runId: string;
            requestId: string;
            /** @constant */
            status: "accepted";
            notice?: string;
        };
        RunDetail: {
            /** Format: uuid */
            runId: string;
            workflow: string;
            workflowVersion: string;
            /** @default null */
            title: string | null;
            status: components["schemas"]["RunStatus"];
            version: number;
            phase: string | null;
            step: number | null;
            /** @default null */
            lastStep: number | null;
            currentStates: string[];
            waitingFor: components["schemas"]["WaitingFor"][];
            /** @default [] */
            kept: components["schemas"]["KeptFact"][];
            parent: {
                /** Format: uuid */
                runId: string;
                commandId: string;
            } | null;
            forkedFrom: {
                /** Format: uuid */
                runId: string;
                version: number;
            } | null;
            labels: {
                [key: string]: string;
            };
            submittedBy: components["schemas"]["Actor"];
            startedAt: string;
            endedAt: string | null;
            error: string | null;
            cause: string | null;
            models: string[];
            usage: components["schemas"]["Usage"];
            rounds: {
                [key: string]: number;
            };
            scores: {
                phase: string;
                round: number;
                scores: {
                    [key: string]: number;
                };
            }[];
            decisions: {
                /** @default null */
                mode: ("programmatic" | "llm" | "hybrid" | "shadow" | "auto") | null;
                total: number;
                bySource: {
                    [key: string]: number;
                };
            };
            steps: components["schemas"]["StepView"][];
            /** @default [] */
            maps: components["schemas"]["MapView"][];
            /** @default [] */
            ratings: {
                version: number;
                score: number;
                note: string;
                decisionId: string | null;
                state: string | null;
                by: components["schemas"]["Actor"];
                at: string;
            }[];
            /** @default [] */
            work: components["schemas"]["TaskWork"][];
            /** @default [] */
            lost: components["schemas"]["TaskDelivery"][];
            /** @default [] */
            done: components["schemas"]["TaskDelivery"][];
            /** @default [] */
            budget: {
                /** @enum {string} */
                kind: "usd" | "tokens" | "wallClock";
                used: number;
                reserved: number;
                limit: number;
                left: number | null;
            }[];
            /** @default null */
            agents: {
                model?: string;
                templates?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
            } | null;
            /** @default null */
            deadLetter: {
                id: number;
                /** Format: date-time */
                at: string;
                source: string;
                reason: string;
            } | null;
        };
        RunDiff: {
            /** Format: uuid */
            runId: string;
            base: string;
            rounds: {
                round: number;
                tree: string;
                base: string;
                /** Format: date-time */
                at: string;
            }[];
            from: number;
            to: number;
            files: {
                path: string;
                /** @enum {string} */
                kind: "added" | "removed" | "changed" | "mode";
                before: {
                    path: string;
                    /** @enum {string} */
                    mode: "100644" | "100755";
                    sha256: string;
                    size: number;
                } | null;
                after: {
                    path: string;
                    /** @enum {string} */
                    mode: "100644" | "100755";
                    sha256: string;
                    size: number;
                } | null;
            }[];
        };
        RunExpectation: {
            /** Format: uuid */
            runId: string;
            workflow: string;
            version: string;
            status: string;
            atStart: components["schemas"]["Expectation"] | null;
            now: components["schemas"]["Outlook"] | null;
            outcome: {
                durationMs: number;
                costUsd: number | null;
                isSuccess: boolean;
            } | null;
        };
        RunList: {
            runs: components["schemas"]["RunSummary"][];
            next: string | null;
        };
        RunResult: {
            /** Format: uuid */
            runId: string;
            status: components["schemas"]["RunStatus"];
            output: components["schemas"]["Json"] | null;
            error: string | null;
            cause: string | null;
            /** @default null */
            unfinished: components["schemas"]["Json"] | null;
            /** @default [] */
            knowledge: {
                read: {
                    source: string;
                    sha256: string;
                    bytes: number;
                    /** Format: date-time */
                    at: string;
                    shownBytes: number;
                }[];
                leftOut: {
                    location: string;
                    reason: string;
                }[];
                searched: {
                    sources: number;
                    bytes: number;
                };
                state: string;
            }[];
        };
        RunStateView: {
            /** Format: uuid */
            runId: string;
            at: number;
            of: number;
            state: components["schemas"]["Json"];
        };
        /** @enum {string} */
        RunStatus: "accepted" | "running" | "paused" | "succeeded" | "failed" | "cancelled";
        RunSummary: {
            /** Format: uuid */
            runId: string;
            workflow: string;
            workflowVersion: string;
            /** @default null */
            title: string | null;
            status: components["schemas"]["RunStatus"];
            version: number;
            phase: string | null;
            step: number | null;
            /** @default null */
            lastStep: number | null;
            currentStates: string[];
            waitingFor: components["schemas"]["WaitingFor"][];
            parent: {
                /** Format: uuid */
                runId: string;
                commandId: string;
            } | null;
            forkedFrom: {
                /** Format: uuid */
                runId: string;
                version: number;
            } | null;
            labels: {
                [key: string]: string;
            };
            submittedBy: components["schemas"]["Actor"];
            startedAt: string;
            endedAt: string | null;
            error: string | null;
            cause: string | null;
            models: string[];
            usage: components["schemas"]["Usage"];
            rounds: {
                [key: string]: number;
            };
            decisions: {
                /** @default null */
                mode: ("programmatic" | "llm" | "hybrid" | "shadow" | "auto") | null;
                total: number;
                bySource: {
                    [key: string]: number;
                };
            };
        };
        ScheduleDetail: {
            /** Format: uuid */
            scheduleId: string;
            name: string;
            version: number;
            /** @enum {string} */
            status: "active" | "paused" | "stopped" | "ended";
            /** @default null */
            stop: {
                reason: string;
                detail: string;
                at: string;
            } | null;
            timing: components["schemas"]["ScheduleTiming"];
            run: components["schemas"]["ScheduledRun"];
            /** @enum {string} */
            overlap: "allow" | "skip" | "queue";
            catchUp: {
                /**
                 * @default last
                 * @enum {string}
                 */
                policy: "skip" | "last" | "all";
                /** @default 10 */
                most: number;
                /** @default 86400 */
                withinSeconds: number;
            };
            jitterSeconds: number;
            endsAt: string | null;
            nextDueAt: string | null;
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
            upcoming: string[];
            firings: components["schemas"]["Firing"][];
        };
        ScheduleList: {
            schedules: components["schemas"]["ScheduleView"][];
            /** @default [] */
            unreadable: string[];
        };
        ScheduleTiming: {
            /** @constant */
            type: "cron";
            expression: string;
            /** @default UTC */
            timeZone: string;
        } | {
            /** @constant */
            type: "interval";
            seconds: number;
            /** Format: date-time */
            from?: string;
        } | {
            /** @constant */
            type: "at";
            /** Format: date-time */
            at: string;
        };
        ScheduleTimingRequest: {
            /** @constant */
            type: "cron";
            expression: string;
            /** @default UTC */
            timeZone: string;
        } | {
            /** @constant */
            type: "interval";
            seconds: number;
            /** Format: date-time */
            from?: string | undefined;
        } | {
            /** @constant */
            type: "at";
            /** Format: date-time */
            at: string;
        };
        ScheduleView: {
            /** Format: uuid */
            scheduleId: string;
            name: string;
            version: number;
            /** @enum {string} */
            status: "active" | "paused" | "stopped" | "ended";
            /** @default null */
            stop: {
                reason: string;
                detail: string;
                at: string;
            } | null;
            timing: components["schemas"]["ScheduleTiming"];
            run: components["schemas"]["ScheduledRun"];
            /** @enum {string} */
            overlap: "allow" | "skip" | "queue";
            catchUp: {
                /**
                 * @default last
                 * @enum {string}
                 */
                policy: "skip" | "last" | "all";
                /** @default 10 */
                most: number;
                /** @default 86400 */
                withinSeconds: number;
            };
            jitterSeconds: number;
            endsAt: string | null;
            nextDueAt: string | null;
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
        };
        ScheduledRun: {
            workflow: string;
            input: components["schemas"]["JsonObject"];
            priority?: number | undefined;
            labels?: {
                [key: string]: string;
            } | undefined;
            decisions?: {
                /** @enum {string} */
                mode: "programmatic" | "llm" | "hybrid" | "shadow" | "auto";
            } | undefined;
            agents?: {
                model?: string | undefined;
                templates?: {
                    [key: string]: string;
                } | undefined;
                mcpServers?: string[] | undefined;
            } | undefined;
            by?: {
                [key: string]: "human";
            } | undefined;
            budget?: {
                usd?: number | undefined;
                tokens?: number | undefined;
                /** Format: duration */
                wallClock?: string | undefined;
            } | undefined;
        };
        SchemaList: {
            schemas: {
                [key: string]: components["schemas"]["JsonObject"];
            };
        };
        SessionList: {
            sessions: components["schemas"]["SignedIn"][];
            next: string | null;
        };
        SessionView: {
            actor: components["schemas"]["Actor"];
            roles: components["schemas"]["Role"][];
            scope: components["schemas"]["AccessScope"] | null;
            grants: {
                roles: components["schemas"]["Role"][];
                scope: components["schemas"]["AccessScope"] | null;
            }[];
            expiresAt: string | null;
            csrf: string;
            endsAt: string;
        };
        SignIn: {
            code: string;
        } | {
            token: string;
        };
        SignInCode: {
            code: string;
            path: string;
            expiresAt: string;
        };
        SignInOptions: {
            code: boolean;
            key: boolean;
            oidc: {
                issuer: string;
                clientId: string;
            } | null;
        };
        SignalBody: {
            requestId?: string | undefined;
            name: string;
            data?: components["schemas"]["Json"] | undefined;
        };
        SignedIn: {
            sessionId: string;
            actor: components["schemas"]["Actor"] | null;
            beganAt: string;
            usedAt: string;
            endsAt: string;
            isThis: boolean;
        };
        SignedLog: {
            checkpoint: string;
            rotations: string[];
            checkpoints: number;
            events: number;
            where: string;
        };
        SlowWork: {
            state: string;
            tasks: number;
            medianMs: number;
            fellowsMs: number;
            fellows: number;
        };
        StepView: {
            state: string;
            step: number | null;
            /** @default null */
            item: components["schemas"]["ItemRef"] | null;
            title: string;
            agent: string | null;
            attempt: number;
            /** @enum {string} */
            status: "waiting" | "succeeded" | "failed" | "timed-out" | "cancelled";
            startedAt: string;
            durationMs: number | null;
        };
        SubmitGoal: {
            requestId?: string | undefined;
            goal: string & (unknown & unknown);
            input?: components["schemas"]["JsonObject"] | undefined;
            /**
             * @default ask
             * @enum {string}
             */
            approval: "ask" | "given";
            policy?: components["schemas"]["ApprovalPolicy"] | undefined;
            labels?: {
                [key: string]: string;
            } | undefined;
            priority?: number | undefined;
            budget?: {
                usd?: number | undefined;
                tokens?: number | undefined;
                /** Format: duration */
                wallClock?: string | undefined;
            } | undefined;
            agents?: {
                model?: string | undefined;
                templates?: {
                    [key: string]: string;
                } | undefined;
                mcpServers?: string[] | undefined;
            } | undefined;
            /** Format: uuid */
            runId?: string | undefined;
        };
        SubmitRunBody: {
            workflow: string;
            input: components["schemas"]["JsonObject"];
            /** Format: uuid */
            runId?: string | undefined;
            priority?: number | undefined;
            labels?: {
                [key: string]: string;
            } | undefined;
            decisions?: {
                /** @enum {string} */
                mode: "programmatic" | "llm" | "hybrid" | "shadow" | "auto";
            } | undefined;
            agents?: {
                model?: string | undefined;
                templates?: {
                    [key: string]: string;
                } | undefined;
                mcpServers?: string[] | undefined;
            } | undefined;
            by?: {
                [key: string]: "human";
            } | undefined;
            budget?: {
                usd?: number | undefined;
                tokens?: number | undefined;
                /** Format: duration */
                wallClock?: string | undefined;
            } | undefined;
            requestId?: string | undefined;
        };
        TaskDelivery: {
            commandId: string;
            state: string;
            kind: string;
            dispatchNo: number;
            workerId: string;
            host: string | null;
            pid: number | null;
            /** @default null */
            version: string | null;
            begunAt: string;
            endedAt: string | null;
            queuedMs: number | null;
            workMs: number;
            beatAt: string | null;
            note: string | null;
            /** @enum {string} */
            status: "in-work" | "silent" | "lost" | "ended";
        };
        TaskFailureBody: {
            token: string;
            error?: string | undefined;
            cause?: string | undefined;
        };
        TaskHeartbeatBody: {
            token: string;
        };
        TaskSuccessBody: {
            token: string;
            output?: components["schemas"]["Json"] | undefined;
        };
        TaskWork: {
            commandId: string;
            state: string;
            kind: string;
            attempt: number;
            since: string;
            queuedMs: number;
            workMs: number | null;
            deliveries: components["schemas"]["TaskDelivery"][];
            hasWorker: boolean;
            noWorkerSince: string | null;
        };
        TemplateHistory: {
            id: string;
            versions: {
                variant: string;
                version: string;
                sha256: string;
                firstAt: string;
                lastAt: string;
                /** @enum {string} */
                status: "in-use" | "replaced" | "past";
            }[];
        };
        TemplateList: {
            templates: components["schemas"]["TemplateView"][];
            problems: components["schemas"]["TemplateProblem"][];
        };
        TemplateProblem: {
            layer: string;
            path: string | null;
            id: string | null;
            variant: string | null;
            problem: string;
        };
        TemplateText: {
            id: string;
            variant: string;
            version: string;
            sha256: string;
            text: string;
        };
        TemplateView: {
            id: string;
            variant: string;
            weight: number;
            version: string;
            sha256: string;
            agent: string;
            output: string;
            title: string;
            layer: string;
            path: string;
            isShipped: boolean;
            isReplaced: boolean;
            toldAt: string;
        };
        Usage: {
            inputTokens: number;
            outputTokens: number;
            costUsd: number | null;
            cacheReadTokens?: number;
            cacheWriteTokens?: number;
        };
        UsageGroup: {
            key: string | null;
            runs: number;
            tasks: number;
            inputTokens: number;
            outputTokens: number;
            costUsd: number | null;
            knownCostUsd: number;
            unpriced: number;
            outcomes: {
                succeeded: number;
                failed: number;
                cancelled: number;
                medianMs: number | null;
                p95Ms: number | null;
                decisions: number;
                escalations: number;
                rounds: {
                    phase: string;
                    runs: number;
                    mean: number;
                    most: number;
                }[];
            } | null;
        };
        UsageReport: {
            /** @enum {string} */
            by: "workflow" | "agent" | "model" | "day";
            since: string | null;
            until: string | null;
            timeZone: string;
            groups: components["schemas"]["UsageGroup"][];
            total: components["schemas"]["UsageGroup"];
            leftOff: number;
        };
        Verification: {
            verified: boolean;
            events: number;
            runs: number;
            problem: string | null;
            signed?: components["schemas"]["SignedLog"];
            archived?: {
                files: number;
                runs: number;
                events: number;
            };
        };
        WaitingFor: {
            /** @constant */
            kind: "approval";
            state: string;
            approvalId: string;
            since: string;
            blocked?: string;
        } | {
            /** @constant */
            kind: "signal";
            state: string;
            name: string;
            since: string;
        } | {
            /** @constant */
            kind: "run";
            state: string;
            /** Format: uuid */
            runId: string;
            workflow: string;
            since: string;
        } | {
            /** @constant */
            kind: "timer";
            state: string;
            dueAt: string;
            since: string;
        } | {
            /** @constant */
            kind: "token";
            state: string;
            since: string;
        } | {
            /** @constant */
            kind: "place";
            /** @constant */
            state: "";
            caps: {
                cap: string;
                underWay: number;
                most: number;
            }[];
            since: string;
        };
        WebhookAttempt: {
            number: number;
            at: string;
            durationMs: number;
            status: number | null;
            error: string | null;
        };
        WebhookCreated: {
            /** Format: uuid */
            webhookId: string;
            url: string;
            events: components["schemas"]["WebhookEvent"][];
            /** @default null */
            workflows: string[] | null;
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "active" | "disabled";
            disabledReason: string | null;
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
            secret: string;
        };
        WebhookDelivery: {
            /** Format: uuid */
            deliveryId: string;
            /** Format: uuid */
            webhookId: string;
            type: string;
            runId: string | null;
            position: number | null;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            createdAt: string;
            nextAttemptAt: string | null;
            attempts: components["schemas"]["WebhookAttempt"][];
        };
        WebhookDeliveryList: {
            deliveries: components["schemas"]["WebhookDelivery"][];
            next: string | null;
        };
        /** @enum {string} */
        WebhookEvent: "approval.requested" | "approval.reminded" | "approval.escalated" | "run.finished" | "run.parked" | "budget.warning" | "budget.exhausted" | "dead-letter.recorded" | "anomaly.detected";
        WebhookList: {
            webhooks: components["schemas"]["WebhookView"][];
        };
        WebhookTest: {
            delivery: components["schemas"]["WebhookDelivery"];
            answer: string | null;
        };
        WebhookView: {
            /** Format: uuid */
            webhookId: string;
            url: string;
            events: components["schemas"]["WebhookEvent"][];
            /** @default null */
            workflows: string[] | null;
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "active" | "disabled";
            disabledReason: string | null;
            createdAt: string;
            createdBy: components["schemas"]["Actor"];
        };
        WhoAmI: {
            actor: components["schemas"]["Actor"];
            roles: components["schemas"]["Role"][];
            scope: components["schemas"]["AccessScope"] | null;
            grants: {
                roles: components["schemas"]["Role"][];
                scope: components["schemas"]["AccessScope"] | null;
            }[];
            expiresAt: string | null;
        };
        WorkerList: {
            workers: components["schemas"]["WorkerView"][];
        };
        WorkerView: {
            workerId: string;
            kind: string;
            description: string;
            version: string;
            host: string;
            pid: number;
            concurrency: number;
            load: number;
            /** @enum {string} */
            status: "alive" | "silent" | "stopped";
            /** @default false */
            isDraining: boolean;
            /** @default null */
            drainAskedAt: string | null;
            /** @default null */
            drainAskedBy: components["schemas"]["Actor"] | null;
            /** @default false */
            isAtOdds: boolean;
            /** @default null */
            slow: components["schemas"]["SlowWork"] | null;
            startedAt: string;
            seenAt: string;
            input: components["schemas"]["JsonObject"] | null;
            output: components["schemas"]["JsonObject"] | null;
        };
        WorkflowExpectation: {
            workflow: string;
            version: string | null;
            inputBytes: number | null;
            expectation: components["schemas"]["Expectation"];
            steps: {
                state: string;
                sampleSize: number;
                durationMs: {
                    p10: number;
                    p50: number;
                    p90: number;
                };
            }[];
        };
        WorkflowFinding: {
            /** @enum {string} */
            severity: "error" | "warning";
            pointer: string;
            code: string;
            message: string;
        };
        WorkflowList: {
            workflows: components["schemas"]["WorkflowSummary"][];
        };
        WorkflowPublished: {
            name: string;
            version: string;
            title: string | null;
            sha256: string;
            /** @enum {string} */
            source: "shipped" | "published";
            publishedAt: string | null;
            publishedBy: components["schemas"]["Actor"] | null;
            problem: string | null;
            /** @enum {string} */
            status: "published" | "unchanged";
            findings: components["schemas"]["WorkflowFinding"][];
        };
        WorkflowSummary: {
            name: string;
            version: string;
            title: string | null;
            sha256: string;
            /** @enum {string} */
            source: "shipped" | "published";
            publishedAt: string | null;
            publishedBy: components["schemas"]["Actor"] | null;
            problem: string | null;
        };
        WorkflowValidation: {
            valid: boolean;
            findings: components["schemas"]["WorkflowFinding"][];
        };
        WorkflowView: {
            name: string;
            version: string;
            title: string | null;
            sha256: string;
            /** @enum {string} */
            source: "shipped" | "published";
            publishedAt: string | null;
            publishedBy: components["schemas"]["Actor"] | null;
            problem: string | null;
            document: components["schemas"]["JsonObject"];
        };
        WorkflowWithdrawn: {
            name: string;
            versions: string[];
        };
        WorkspaceInput: {
            tree: string;
            commit?: string;
            lineage?: string;
            prefix?: string;
            ref?: string;
            name?: string;
        };
        WorkspaceUploaded: {
            tree: string;
            files: number;
            bytes: number;
            leftOut: {
                path: string;
                reason: string;
            }[];
        };
        WorkspaceView: {
            tree: string;
            bytes: number;
            files: {
                path: string;
                /** @enum {string} */
                mode: "100644" | "100755";
                sha256: string;
                size: number;
            }[];
        };
    };
    responses: {
        /** @description Bad Request: what is wrong, and what to do. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unauthorized: what is wrong, and what to do. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden: what is wrong, and what to do. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found: what is wrong, and what to do. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: what is wrong, and what to do. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Precondition Failed: what is wrong, and what to do. */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payload Too Large: what is wrong, and what to do. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description URI Too Long: what is wrong, and what to do. */
        URITooLong: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type: what is wrong, and what to do. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Misdirected Request: what is wrong, and what to do. */
        MisdirectedRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unprocessable Entity: what is wrong, and what to do. */
        UnprocessableEntity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too Many Requests: what is wrong, and what to do. */
        TooManyRequests: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal Server Error: what is wrong, and what to do. */
        InternalServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Service Unavailable: what is wrong, and what to do. */
        ServiceUnavailable: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listRuns: {
        parameters: {
            query?: {
                status?: ("accepted" | "running" | "paused" | "succeeded" | "failed" | "cancelled") | undefined;
                workflow?: string | undefined;
                mode?: ("programmatic" | "llm" | "hybrid" | "shadow" | "auto") | undefined;
                label?: string[] | undefined;
                text?: string | undefined;
                startedAfter?: string | undefined;
                startedBefore?: string | undefined;
                endedAfter?: string | undefined;
                endedBefore?: string | undefined;
                minCostUsd?: number | undefined;
                waitingFor?: ("approval" | "me") | undefined;
                limit?: number | undefined;
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    submitRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitRunBody"];
            };
        };
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    submitGoal: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitGoal"];
            };
        };
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETags that are known: 304 where it still is one of them. */
                "If-None-Match"?: string | undefined;
                /** @description `wait=N`: the answer may take up to N seconds, until the run has ended or waits for somebody. */
                Prefer?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    /** @description The preference that was followed. */
                    "Preference-Applied"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description It is what If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRunResult: {
        parameters: {
            query?: {
                personal?: "open" | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRunState: {
        parameters: {
            query?: {
                at?: number | undefined;
                personal?: "open" | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunStateView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRunDiff: {
        parameters: {
            query?: {
                from?: number | undefined;
                to?: number | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files that differ; as `text/x-diff` a patch. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDiff"];
                    "text/x-diff": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRunDiffFile: {
        parameters: {
            query: {
                from?: number | undefined;
                to?: number | undefined;
                path: string;
                side: "before" | "after";
            };
            header?: {
                /** @description The ETags that are known: 304 where it still is one of them. */
                "If-None-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It is what If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getPrinted: {
        parameters: {
            query: {
                event: number;
                tool: string;
                stream: "stdout" | "stderr";
            };
            header?: {
                /** @description The ETags that are known: 304 where it still is one of them. */
                "If-None-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The end of the stream. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It is what If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRunModelTime: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelTime"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listArtifacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getArtifact: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETags that are known: 304 where it still is one of them. */
                "If-None-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
                /** @description The path of the file, as the list has it; its slashes may be written as %2F. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description It is what If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getRunConversation: {
        parameters: {
            query: {
                command: string;
            };
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    cancelRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        } | undefined;
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    pauseRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        } | undefined;
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resumeRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RequestBody"];
            };
        } | undefined;
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    retryRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        } | undefined;
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    signalRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignalBody"];
            };
        };
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    rateRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RateRunBody"];
            };
        };
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    forkRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkRunBody"];
            };
        };
        responses: {
            /** @description It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                run?: string | undefined;
                type?: string[] | undefined;
                workflow?: string | undefined;
                label?: string[] | undefined;
                also?: "operations" | undefined;
                after?: number | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: {
                /** @description The `id` of the last event that came, where a stream is taken up again. */
                "Last-Event-ID"?: number | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listRunEvents: {
        parameters: {
            query?: {
                after?: number | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: {
                /** @description The `id` of the last event that came, where a stream is taken up again. */
                "Last-Event-ID"?: number | undefined;
            } | undefined;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sendTaskSuccess: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskSuccessBody"];
            };
        };
        responses: {
            /** @description The answer is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sendTaskFailure: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskFailureBody"];
            };
        };
        responses: {
            /** @description The answer is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sendTaskHeartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskHeartbeatBody"];
            };
        };
        responses: {
            /** @description Its HeartbeatSeconds count from now. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                status?: ("open" | "answered") | undefined;
                run?: string | undefined;
                waitingFor?: "me" | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of approvals. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getApproval: {
        parameters: {
            query?: {
                personal?: "open" | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of the approval. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The approval. Its ETag is what an answer is bound to. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the request is about. */
                "If-Match"?: string | undefined;
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the approval. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalAnswerBody"];
            };
        };
        responses: {
            /** @description The answer is stored. */
            202: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDecisions: {
        parameters: {
            query?: {
                run?: string | undefined;
                workflow?: string | undefined;
                source?: ("programmatic" | "llm_override" | "programmatic_fallback" | "human") | undefined;
                classification?: ("standard" | "hybrid" | "complex") | undefined;
                actionType?: ("invoke_agent" | "transition_phase" | "retry_with_recovery" | "request_human" | "complete" | "fail") | undefined;
                point?: ("choice" | "task-failed" | "phase-change" | "budget") | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
                limit?: number | undefined;
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of decisions. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listJudges: {
        parameters: {
            query?: {
                workflow?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The judges, most verdicts first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgeList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    findPatterns: {
        parameters: {
            query?: {
                workflow?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
                runs?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Facts and pairs of them, the surest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatternReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    recommend: {
        parameters: {
            query?: {
                workflow?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
                runs?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The surest first, and what was looked at. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    backtestDecisions: {
        parameters: {
            query?: {
                workflow?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The policy as it is written. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionPolicy"];
                "application/yaml": string;
            };
        };
        responses: {
            /** @description What would have been otherwise. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sumUsage: {
        parameters: {
            query?: {
                by?: ("workflow" | "agent" | "model" | "day") | undefined;
                workflow?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
                /** @description In which a day is one, as Europe/Vienna; UTC by default. */
                timeZone?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    expectWorkflow: {
        parameters: {
            query: {
                workflow: string;
                version?: string | undefined;
                inputBytes?: number | undefined;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is expected, and from how many runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowExpectation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    expectRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the run; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is expected, and from how many runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunExpectation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getCalibration: {
        parameters: {
            query?: {
                workflow?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How good it was, each with its number of runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalibrationReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listAnomalies: {
        parameters: {
            query?: {
                run?: string | undefined;
                workflow?: string | undefined;
                measure?: ("duration" | "cost" | "rounds" | "score" | "disagreement" | "errors" | "failures") | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                since?: string | undefined;
                /** @description A date, which is its beginning in UTC, or a time of RFC 3339. */
                until?: string | undefined;
                limit?: number | undefined;
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of anomalies. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalyList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listWorkflows: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name, newest version first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    publishWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The document as it is written. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["JsonObject"];
                "application/yaml": string;
            };
        };
        responses: {
            /** @description The same content was there. */
            200: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowPublished"];
                };
            };
            /** @description It was published. */
            201: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowPublished"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    validateWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The document as it is written. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["JsonObject"];
                "application/yaml": string;
            };
        };
        responses: {
            /** @description What is wrong or doubtful in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowValidation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    drawDocument: {
        parameters: {
            query?: {
                format?: ("mermaid" | "text") | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The document as it is written. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["JsonObject"];
                "application/yaml": string;
            };
        };
        responses: {
            /** @description The graph, as `format` asks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/vnd.mermaid": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    considerState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsiderBody"];
            };
        };
        responses: {
            /** @description The decision of the rules, and every other legal move. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Considered"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETags that are known: 304 where it still is one of them. */
                "If-None-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the workflow, or `name@version`. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workflow. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowView"];
                };
            };
            /** @description It is what If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    drawWorkflow: {
        parameters: {
            query?: {
                format?: ("mermaid" | "text") | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The name of the workflow, or `name@version`. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The graph, as `format` asks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/vnd.mermaid": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    withdrawWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the workflow, or `name@version`. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions that are withdrawn. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowWithdrawn"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    uploadWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The files as a tar archive. */
        requestBody: {
            content: {
                "application/x-tar": string;
            };
        };
        responses: {
            /** @description The version that they are now. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceUploaded"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getWorkspace: {
        parameters: {
            query?: {
                since?: string | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The version of the workspace: a SHA-256 in hexadecimal digits. */
                tree: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list of files; as `application/x-tar` the files themselves. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                    "application/x-tar": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listLineages: {
        parameters: {
            query?: {
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of lineages. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineageList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createLineage: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateLineage"];
            };
        };
        responses: {
            /** @description The lineage. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineageView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getLineage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the lineage. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lineage. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineageView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listLineageVersions: {
        parameters: {
            query?: {
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The name of the lineage. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineageLog"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listArchivedRuns: {
        parameters: {
            query?: {
                limit?: number | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that ended last first. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArchiveList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    archiveRuns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was put away. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArchiveDone"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, oldest first, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookBody"];
            };
        };
        responses: {
            /** @description The webhook, with its secret: the one time that it is shown. */
            201: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of the webhook; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook; a unique beginning of it is enough. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came back, whatever it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of the webhook; a unique beginning of it is enough. */
                id: string;
                /** @description The id of the delivery. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workers, as they say themselves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    drainWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the worker. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker, with who asked for that. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    undrainWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the worker. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queues. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    rebuildQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An orchestrator does so. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                status?: ("open" | "requeued" | "refused" | "all") | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead letters. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    requeueDeadLetter: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The number of the dead letter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The letter, which says who asked for that. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the services said when they started. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getTemplateHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the template. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateHistory"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getTemplateText: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the template. */
                id: string;
                /** @description A SHA-256 in hexadecimal digits; a unique beginning of it is enough. */
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateText"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listNotificationRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createNotificationRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRuleBody"];
            };
        };
        responses: {
            /** @description The rule. */
            201: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getNotificationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the rule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    removeNotificationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the rule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listNotificationMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the rule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest hundred. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testNotificationRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the rule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of it: still `pending` where nobody answered yet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationMessage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    retryNotificationMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the rule. */
                name: string;
                /** @description The id of the message. */
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationMessage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateScheduleBody"];
            };
        };
        responses: {
            /** @description The schedule. */
            201: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    removeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the request is about. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the request is about. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, as it is now. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the request is about. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, as it is now. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    takeOverSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the request is about. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, as it is now. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listHooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createHook: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateHookBody"];
            };
        };
        responses: {
            /** @description The hook. Its Location is what is called. */
            201: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    removeHook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the hook. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    callHook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the hook. */
                hook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HookDelivery"];
            };
        };
        responses: {
            /** @description What became of it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookTaken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getSignInOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which there are. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInOptions"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session of the cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Who is signed in. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over, and so is every stream that it opened. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that began last first. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over, and its streams are within a second or two. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    startOidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider. */
            303: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    finishOidc: {
        parameters: {
            query?: {
                code?: string | undefined;
                state?: string | undefined;
                error?: string | undefined;
                iss?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the dashboard: one is signed in. */
            303: {
                headers: {
                    /** @description Where to look for what the request is about. */
                    Location?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createSignInCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code: the one time that it is shown. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInCode"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    verifyLog: {
        parameters: {
            query?: {
                run?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was checked, and the first thing found wrong. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getCheckpoint: {
        parameters: {
            query?: {
                from?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checkpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckpointView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    proveEvent: {
        parameters: {
            query: {
                run: string;
                event: number;
                from?: number | undefined;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof, for whoever has the public key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventProof"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replayLog: {
        parameters: {
            query?: {
                run?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayReport"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    exportLog: {
        parameters: {
            query?: {
                run?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, of which only hashes are kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description The key: the one time that it is shown. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description What makes a repetition the same request: with the same body the answer is the same, with another one it is 422. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the key. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateApiKey"];
            };
        } | undefined;
        responses: {
            /** @description The key: the one time that it is shown. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyRotated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["URITooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getCaller: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The actor, with roles and scope. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAmI"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listAccess: {
        parameters: {
            query?: {
                kind?: string | undefined;
                actor?: string | undefined;
                /** @description As `next` of the page before has it. */
                cursor?: string | undefined;
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries. */
            200: {
                headers: {
                    /** @description Where there is a following page: `<…>; rel="next"`. */
                    Link?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessLog"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    verifyAccess: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether every entry follows from the one before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessLogCheck"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the key. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description From the next request on it is nobody’s. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["URITooLong"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    lookUpPersonal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookUpPersonal"];
            };
        };
        responses: {
            /** @description What is known of the subject. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalSubjectView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listErasures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalErasureList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    erasePersonal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasePersonal"];
            };
        };
        responses: {
            /** @description That it was destroyed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalErasureView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listSchemas: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schemas by the kind of queue and the name of the job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchemaList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getWorkflowSchema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON Schema (draft 2020-12). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JsonObject"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETags that are known: 304 where it still is one of them. */
                "If-None-Match"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    /** @description The tag of what is shown, for If-None-Match and If-Match. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JsonObject"];
                };
            };
            /** @description It is what If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the text format of Prometheus. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getReadiness: {
        parameters: {
            query?: {
                verbose?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
