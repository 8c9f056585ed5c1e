package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The artifacts of runs end to end, as agents and clients use them (docs/wire/artifacts.md#i6). */
class RunArtifactTest {

    private static final byte[] CONTENT =
            "--\r\n------xYz\r\nbytes \0 ü".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private String task;
    private String run;

    @BeforeEach
    void newRun() {
        task = Paths.newTask(rosa);
        run = Paths.queued(rosa, task, "{}").get("id").asText();
    }

    /**
     * Repeats recorded requests of an agent: prepare, a form without credentials, finalize, pair by
     * key.
     */
    @Test
    void anAgentUploadsAFileThroughAForm() {
        Client agent = agent(run);
        JsonNode prepared =
                agent.post(
                                artifacts() + "prepare_upload/",
                                """
                                {"artifacts": [{"name": "out/report ü;%%.pdf", "type": "output",
                                  "source": "agent_output", "size": %d,
                                  "content_type": "application/pdf"}]}"""
                                        .formatted(CONTENT.length))
                        .isJson(200)
                        .json()
                        .get("artifacts")
                        .get(0);
        assertThat(Reply.members(prepared)).containsExactlyInAnyOrderElementsOf(Shapes.PREPARED);
        JsonNode form = prepared.get("presigned_post");
        Reply uploaded =
                new Multipart()
                        .fields(form.get("fields"))
                        .file("application/pdf", CONTENT)
                        .post(agent, form.get("url").asText());
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(204);

        JsonNode finalized = finalized(agent, prepared).isJson(200).json().get("artifacts");

        assertThat(finalized).hasSize(1);
        Shapes.isArtifact(finalized.get(0));
        assertThat(finalized.get(0).get("storage_path")).isEqualTo(prepared.get("storage_path"));
        assertThat(finalized.get(0).get("size").asInt()).isEqualTo(CONTENT.length);
        assertThat(rosa.get(Paths.run(task, run)).json().get("artifacts")).isEqualTo(finalized);
        Reply downloaded = download(rosa, run, prepared.get("storage_path").asText());
        assertThat(downloaded.bytes()).isEqualTo(CONTENT);
        assertThat(downloaded.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(downloaded.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(downloaded.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(downloaded.header("Content-Disposition"))
                .isEqualTo(
                        "attachment; filename=\"report _;%.pdf\";"
                                + " filename*=UTF-8''report%20%C3%BC%3B%25.pdf");
    }

    /**
     * Repeats a recorded download: the state contains the id of the attachment, the manifest its
     * key.
     */
    @Test
    void anAgentDownloadsAnAttachmentOfItsPrompt() {
        JsonNode staged = staged();
        JsonNode queued =
                Paths.queued(
                        rosa,
                        task,
                        "{\"pending_user_artifact_ids\": [\"" + staged.get("id").asText() + "\"]}");
        run = queued.get("id").asText();
        Client agent = agent(run);

        JsonNode seen = agent.get(Paths.run(task, run)).isJson(200).json();
        String wanted = seen.get("state").get("pending_user_artifact_ids").get(0).asText();
        JsonNode entry = seen.get("artifacts").get(0);
        assertThat(entry.get("id").asText()).isEqualTo(wanted);
        Reply downloaded = download(agent, run, entry.get("storage_path").asText());

        assertThat(downloaded.status()).isEqualTo(200);
        assertThat(downloaded.bytes()).isEqualTo(CONTENT);
        String resumed =
                Paths.queued(rosa, task, "{\"resume_from_run_id\": \"" + run + "\"}")
                        .get("id")
                        .asText();
        assertThat(download(agent(resumed), resumed, entry.get("storage_path").asText()).bytes())
                .isEqualTo(CONTENT);
    }

    /** Recorded clients use the last n entries of the returned manifest. */
    @Test
    void uploadingInlineFilesReturnsTheWholeManifest() {
        upload("{\"name\": \"first.md\", \"type\": \"plan\", \"content\": \"# First\"}");

        JsonNode manifest =
                upload(
                        """
                        {"name": "second.html", "type": "output", "content": "<b>hi</b>",
                         "content_type": "text/html"}""",
                        "{\"name\": \"third.bin\", \"type\": \"output\","
                                + " \"content_encoding\": \"base64\", \"content\": \""
                                + Base64.getEncoder().encodeToString(CONTENT)
                                + "\"}");

        assertThat(manifest)
                .extracting(it -> it.get("name").asText())
                .containsExactly("first.md", "second.html", "third.bin");
        String html = manifest.get(1).get("storage_path").asText();
        Reply downloaded = download(rosa, run, html);
        assertThat(downloaded.text()).isEqualTo("<b>hi</b>");
        assertThat(downloaded.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"second.html\"");
        Reply binary = download(rosa, run, manifest.get(2).get("storage_path").asText());
        assertThat(binary.bytes()).isEqualTo(CONTENT);
        assertThat(binary.header("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void inlineFilesHaveALargerBodyLimit() {
        byte[] large = new byte[3_000_000];

        JsonNode manifest =
                upload(
                        "{\"name\": \"large\", \"type\": \"output\","
                                + " \"content_encoding\": \"base64\", \"content\": \""
                                + Base64.getEncoder().encodeToString(large)
                                + "\"}");

        assertThat(manifest.get(0).get("size").asInt()).isEqualTo(large.length);
        try (Host small = Host.with().servlet(it -> it.maxUploadBodyBytes(20)).start()) {
            String other = Paths.newTask(small.rosa());
            String path = Paths.run(other, Paths.newRun(small.rosa(), other)) + "artifacts/";
            assertThat(small.rosa().post(path, " ".repeat(21)).isEnvelope().status())
                    .isEqualTo(413);
        }
    }

    @Test
    void aDownloadLinkNeedsNoCredentials() {
        JsonNode entry =
                upload("{\"name\": \"a.txt\", \"type\": \"plan\", \"content\": \"abc\"}").get(0);

        JsonNode link =
                rosa.post(artifacts() + "presign/", named(entry.get("storage_path").asText()))
                        .isJson(200)
                        .json();

        assertThat(Reply.members(link)).containsExactlyInAnyOrder("url", "expires_in");
        assertThat(link.get("expires_in").asInt()).isEqualTo(3600);
        assertThat(rosa.as(null).get(link.get("url").asText()).text()).isEqualTo("abc");
    }

    @Test
    void invalidRequestsAreRejectedAsDocumented() {
        for (String operation : new String[] {"presign/", "download/"}) {
            String path = artifacts() + operation;
            rosa.post(path, "{}").isInvalid("required", "This field is required.", "storage_path");
            rosa.post(path, named("a"))
                    .isError(
                            404,
                            "invalid_request",
                            "not_found",
                            "Artifact not found on this run",
                            null);
        }
        JsonNode entry =
                upload("{\"name\": \"a.txt\", \"type\": \"plan\", \"content\": \"abc\"}").get(0);
        host.objects().delete(AcmeDirectory.ACME, entry.get("storage_path").asText());
        download(rosa, run, entry.get("storage_path").asText())
                .isError(404, "invalid_request", "not_found", "Artifact content not found", null);
    }

    private JsonNode staged() {
        String uploads = Paths.task(task) + "staged_artifacts/";
        JsonNode prepared =
                rosa.post(
                                uploads + "prepare_upload/",
                                """
                                {"artifacts": [{"name": "spec.pdf", "type": "user_attachment",
                                  "size": %d}]}"""
                                        .formatted(CONTENT.length))
                        .json()
                        .get("artifacts")
                        .get(0);
        JsonNode form = prepared.get("presigned_post");
        new Multipart()
                .fields(form.get("fields"))
                .file("", CONTENT)
                .post(rosa, form.get("url").asText());
        return rosa.post(uploads + "finalize_upload/", finalizing(prepared))
                .isJson(200)
                .json()
                .get("artifacts")
                .get(0);
    }

    private Reply finalized(Client client, JsonNode prepared) {
        return client.post(artifacts() + "finalize_upload/", finalizing(prepared));
    }

    private static String finalizing(JsonNode prepared) {
        ObjectNode item = prepared.deepCopy();
        item.remove("presigned_post");
        return "{\"artifacts\": [" + item + "]}";
    }

    private JsonNode upload(String... files) {
        return rosa.post(artifacts(), "{\"artifacts\": [" + String.join(",", files) + "]}")
                .isJson(200)
                .json()
                .get("artifacts");
    }

    private Reply download(Client client, String of, String storagePath) {
        return client.post(Paths.run(task, of) + "artifacts/download/", named(storagePath));
    }

    private static String named(String storagePath) {
        return Reply.JSON.createObjectNode().put("storage_path", storagePath).toString();
    }

    private String artifacts() {
        return Paths.run(task, run) + "artifacts/";
    }

    private Client agent(String id) {
        SandboxId sandbox =
                new SandboxId(
                        AcmeDirectory.ACME,
                        TaskId.parse(task).orElseThrow(),
                        RunId.parse(id).orElseThrow(),
                        1);
        return host.client(host.errand().runTokens().issue(sandbox, Duration.ofHours(1)).reveal());
    }
}
