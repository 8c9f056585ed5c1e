package dev.errand.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;

/** A place where each request of the wire succeeds, whatever it says of its members. */
enum Scenes {
    CREATE_TASK {
        @Override
        Scene set(Host host) {
            return new Scene("POST", Paths.TASKS, task());
        }
    },
    UPDATE_TASK {
        @Override
        Scene set(Host host) {
            return new Scene("PATCH", Paths.task(Paths.newTask(host.rosa())), task());
        }
    },
    RUN_TASK {
        @Override
        Scene set(Host host) {
            String task = Paths.newTask(host.rosa());
            ObjectNode body = run().put("resume_from_run_id", Paths.newRun(host.rosa(), task));
            body.put("pending_user_message", "See the spec.");
            body.putArray("pending_user_artifact_ids")
                    .add(staged(host, task))
                    .add(staged(host, task));
            return new Scene("POST", Paths.task(task) + "run/", body);
        }
    },
    CREATE_RUN {
        @Override
        Scene set(Host host) {
            ObjectNode body = run().put("environment", "cloud");
            return new Scene("POST", Paths.runs(Paths.newTask(host.rosa())), body);
        }
    },
    START_RUN {
        @Override
        Scene set(Host host) {
            String task = Paths.newTask(host.rosa());
            ObjectNode body = Reply.JSON.createObjectNode().put("pending_user_message", "Go.");
            body.putArray("pending_user_artifact_ids").add(staged(host, task));
            // Only a run that was queued with them has artifacts to start with.
            JsonNode queued = Paths.queued(host.rosa(), task, body.toString());
            return new Scene("POST", Paths.run(task, queued.get("id").asText()) + "start/", body);
        }
    },
    UPDATE_RUN {
        @Override
        Scene set(Host host) {
            return new Scene(
                    "PATCH",
                    ofNewRun(host),
                    """
                    {'status': 'in_progress', 'branch': 'fix/cart', 'stage': 'build',
                     'output': {'a': 1}, 'state': {'a': 1}, 'state_remove_keys': ['a', 'b'],
                     'error_message': 'none', 'environment': 'local'}""");
        }
    },
    SET_OUTPUT {
        @Override
        Scene set(Host host) {
            return new Scene("PATCH", ofNewRun(host) + "set_output/", "{'output': {'a': 1}}");
        }
    },
    APPEND_LOG {
        @Override
        Scene set(Host host) {
            String body = "{'entries': [{'a': 1}, {}, {'b': 2}]}";
            return new Scene("POST", ofNewRun(host) + "append_log/", body);
        }
    },
    PREPARE_UPLOADS {
        @Override
        Scene set(Host host) {
            ObjectNode body = Reply.JSON.createObjectNode();
            body.putArray("artifacts").add(upload()).add(upload());
            return new Scene("POST", uploads(Paths.newTask(host.rosa())) + "prepare_upload/", body);
        }
    },
    FINALIZE_UPLOADS {
        @Override
        Scene set(Host host) {
            String task = Paths.newTask(host.rosa());
            ObjectNode body = Reply.JSON.createObjectNode();
            body.putArray("artifacts").add(uploaded(host, task)).add(uploaded(host, task));
            return new Scene("POST", uploads(task) + "finalize_upload/", body);
        }
    };

    /**
     * A request that succeeds.
     *
     * @param body it says something of each member
     */
    record Scene(String method, String path, ObjectNode body) {

        Scene(String method, String path, String body) {
            this(method, path, (ObjectNode) Reply.json(body.replace('\'', '"')));
        }

        Reply send(Client client) {
            return client.send(method, path, body.toString());
        }
    }

    /** Brings the host to where the request succeeds. */
    abstract Scene set(Host host);

    /** Uploads a file for a task, finalizes it, and answers with its id. */
    static String staged(Host host, String task) {
        ObjectNode item = uploaded(host, task);
        host.rosa()
                .post(uploads(task) + "finalize_upload/", "{\"artifacts\": [" + item + "]}")
                .isJson(200);
        return item.get("id").asText();
    }

    /** Uploads a file for a task, and answers with the item that finalizes it. */
    static ObjectNode uploaded(Host host, String task) {
        ObjectNode item = prepared(host, task);
        write(host, item, 3);
        return item;
    }

    /** Reserves a key for a task, and answers with the item that finalizes it. */
    static ObjectNode prepared(Host host, String task) {
        ObjectNode item =
                (ObjectNode)
                        host.rosa()
                                .post(
                                        uploads(task) + "prepare_upload/",
                                        "{\"artifacts\": [" + upload() + "]}")
                                .isJson(200)
                                .json()
                                .at("/artifacts/0");
        item.remove("presigned_post");
        return item;
    }

    /** Lays an object of this size where an item says that one is. */
    static void write(Host host, JsonNode item, int size) {
        host.objects()
                .write(
                        AcmeDirectory.ACME,
                        item.get("storage_path").asText(),
                        new ByteArrayInputStream(new byte[size]),
                        size,
                        "text/plain");
    }

    static String uploads(String task) {
        return Paths.task(task) + "staged_artifacts/";
    }

    private static String ofNewRun(Host host) {
        String task = Paths.newTask(host.rosa());
        return Paths.run(task, Paths.newRun(host.rosa(), task));
    }

    private static ObjectNode upload() {
        return Reply.JSON
                .createObjectNode()
                .put("name", "spec.txt")
                .put("type", "user_attachment")
                .put("source", "s")
                .put("size", 3)
                .put("content_type", "text/plain");
    }

    private static ObjectNode task() {
        return (ObjectNode)
                Reply.json(
                        """
                        {"title": "Cart crash", "title_manually_set": true,
                         "description": "It crashes.", "origin_product": "signal_report",
                         "repository": "acme/mobile", "github_integration": 12,
                         "github_user_integration": "%s", "signal_report": "%s",
                         "signal_report_task_relationship": "implementation",
                         "json_schema": true, "internal": false, "ci_prompt": "Fix CI."}"""
                                .formatted(AcmeDirectory.OWN, AcmeDirectory.OWN));
    }

    private static ObjectNode run() {
        return (ObjectNode)
                Reply.json(
                        """
                        {"mode": "interactive", "branch": "main", "sandbox_environment_id": "%s",
                         "pr_authorship_mode": "user", "run_source": "manual",
                         "signal_report_id": "r-1", "runtime_adapter": "claude",
                         "model": "claude-opus-4-6", "reasoning_effort": "high",
                         "github_user_token": "ghp_1", "initial_permission_mode": "auto"}"""
                                .formatted(AcmeDirectory.OWN));
    }
}
