package dev.errand.http;

import com.fasterxml.jackson.databind.JsonNode;

/** Paths of the API, and helpers that create tasks and runs. */
final class Paths {

    static final String TASKS = "/api/projects/7/tasks/";
    static final String MISSING = "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46";

    private Paths() {}

    static String task(String id) {
        return TASKS + id + '/';
    }

    static String runs(String task) {
        return task(task) + "runs/";
    }

    static String run(String task, String run) {
        return runs(task) + run + '/';
    }

    /** Creates a task and returns its id. */
    static String newTask(Client client) {
        return newTask(client, "{}");
    }

    static String newTask(Client client, String json) {
        return client.post(TASKS, json).isJson(201).json().get("id").asText();
    }

    /** Creates a local run and returns its id. */
    static String newRun(Client client, String task) {
        return newRun(client, task, "{}");
    }

    static String newRun(Client client, String task, String json) {
        return client.post(runs(task), json).isJson(201).json().get("id").asText();
    }

    /** Queues a run of a task and returns the run. */
    static JsonNode queued(Client client, String task, String json) {
        return client.post(task(task) + "run/", json).isJson(200).json().get("latest_run");
    }
}
