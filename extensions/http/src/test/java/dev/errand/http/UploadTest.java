package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.artifact.DownloadPolicy;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Staged artifacts end to end: prepare, upload the form, finalize, run, download
 * (docs/wire/artifacts.md#d7, #d8, #h).
 */
class UploadTest {

    private static final byte[] CONTENT =
            "--\r\n------xYz\r\nbytes \0 ü".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private String task;

    @BeforeEach
    void newTask() {
        task = Paths.newTask(rosa);
    }

    @Test
    void prepareReturnsTheDocumentedUploads() {
        JsonNode answer =
                prepare(
                                """
                                {"artifacts": [{"name": "docs/spec.pdf",
                                  "type": "user_attachment", "source": "posthog_code",
                                  "size": 4096, "content_type": "application/pdf"},
                                 {"name": "b", "type": "plan", "size": 1}]}""")
                        .isJson(200)
                        .json();

        assertThat(Reply.members(answer)).containsExactly("artifacts");
        assertThat(answer.get("artifacts")).hasSize(2);
        JsonNode first = answer.get("artifacts").get(0);
        assertThat(Reply.members(first)).containsExactlyInAnyOrderElementsOf(Shapes.PREPARED);
        String id = first.get("id").asText();
        assertThat(id).matches("[0-9a-f]{32}");
        String key = "tasks/artifacts/team_7/task_" + task + "/staged/" + id + "/spec.pdf";
        ObjectNode rest = first.deepCopy();
        JsonNode form = rest.remove("presigned_post");
        assertThat(rest)
                .isEqualTo(
                        Reply.json(
                                """
                                {"id": "%s", "name": "spec.pdf", "type": "user_attachment",
                                 "source": "posthog_code", "size": 4096,
                                 "content_type": "application/pdf", "storage_path": "%s",
                                 "expires_in": 3600}"""
                                        .formatted(id, key)));
        assertThat(form.get("url").asText()).isEqualTo(host.url().resolve("/_objects").toString());
        assertThat(form.get("fields").get("key").asText()).isEqualTo(key);
        assertThat(answer.get("artifacts").get(1).get("source").asText()).isEmpty();
    }

    @Test
    void prepareRejectsInvalidRequests() {
        prepare("{}").isInvalid("required", "This field is required.", "artifacts");
        prepare("{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"size\": 1}, {}]}")
                .isInvalid("required", "This field is required.", "artifacts__1__name");
        prepare(
                        """
                        {"artifacts": [{"name": "a.PDF", "type": "user_attachment",
                          "size": 10485761}]}""")
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "artifact_too_large",
                        "a.PDF exceeds the 10MB attachment limit for PDFs in cloud runs",
                        "artifacts__0__size");
        task = Paths.MISSING;
        prepare("{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"size\": 1}]}")
                .isNotFound();
    }

    @Test
    void prepareLimitsTheNumberOfArtifacts() {
        String item = "{\"name\": \"a\", \"type\": \"plan\", \"size\": 1}";

        prepare("{\"artifacts\": [" + (item + ",").repeat(100) + item + "]}")
                .isInvalid(
                        "max_length",
                        "Ensure this field has no more than 100 elements.",
                        "artifacts");
    }

    @Test
    void anUploadedArtifactIsInTheManifestOfItsRun() {
        JsonNode prepared = prepared("spec ü;%.pdf", "application/pdf", CONTENT.length);
        Reply uploaded = upload(prepared, "application/pdf", CONTENT);
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(204);
        assertThat(uploaded.bytes()).isEmpty();

        JsonNode answer = complete(prepared).isJson(200).json();

        assertThat(Reply.members(answer)).containsExactly("artifacts");
        JsonNode artifact = answer.get("artifacts").get(0);
        Shapes.isArtifact(artifact);
        assertThat(artifact)
                .isEqualTo(
                        Reply.json(
                                """
                                {"id": %s, "name": "spec ü;%%.pdf", "type": "user_attachment",
                                 "source": "", "size": %d, "content_type": "application/pdf",
                                 "storage_path": %s, "uploaded_at": "%s"}"""
                                        .formatted(
                                                prepared.get("id"),
                                                CONTENT.length,
                                                prepared.get("storage_path"),
                                                artifact.get("uploaded_at").asText())));
        String id = artifact.get("id").asText();
        JsonNode run =
                Paths.queued(rosa, task, "{\"pending_user_artifact_ids\": [\"" + id + "\"]}");
        assertThat(run.get("artifacts").get(0)).isEqualTo(artifact);
        assertThat(run.get("state").get("pending_user_artifact_ids").get(0).asText()).isEqualTo(id);
        complete(prepared)
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "invalid_storage_path",
                        "Artifact storage path is invalid for this task",
                        "artifacts__0__storage_path");
    }

    @Test
    void finalizeRejectsInvalidRequests() {
        JsonNode prepared = prepared("a.txt", "text/plain", 10);
        complete(prepared)
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "upload_not_found",
                        "Artifact upload not found in object storage",
                        "artifacts__0");
        rosa.post(uploads() + "finalize_upload/", "{\"artifacts\": [{\"id\": \"a\"}]}")
                .isInvalid("required", "This field is required.", "artifacts__0__name");
        task = Paths.MISSING;
        complete(prepared).isNotFound();
    }

    @Test
    void aFormIsBoundToItsKeySizeAndLifetime() {
        JsonNode form = prepared("a.txt", "text/plain", 10).get("presigned_post");
        ObjectNode fields = form.get("fields").deepCopy();
        String url = form.get("url").asText();
        byte[] largest = new byte[10 + 65536];

        new Multipart()
                .fields(fields)
                .file("text/plain", new byte[largest.length + 1])
                .post(rosa, url)
                .isError(
                        413,
                        "invalid_request",
                        "request_too_large",
                        "The file is not of a size that the form allows.",
                        null);
        assertThat(new Multipart().fields(fields).file("", largest).post(rosa, url).status())
                .isEqualTo(204);
        assertThat(new Multipart().fields(fields).file("", new byte[0]).post(rosa, url).status())
                .isEqualTo(204);
        ObjectNode other = fields.deepCopy().put("key", fields.get("key").asText() + "x");
        assertForbidden(new Multipart().fields(other).file("", largest).post(rosa, url));
        assertForbidden(new Multipart().file("", largest).post(rosa, url));
        host.clock().advance(Duration.ofSeconds(3600));
        assertForbidden(new Multipart().fields(fields).file("", largest).post(rosa, url));
    }

    @Test
    void aFormIsVoidOnceItsArtifactIsFinalized() {
        JsonNode prepared = prepared("a.txt", "text/plain", 10);
        upload(prepared, "text/plain", CONTENT);
        upload(prepared, "text/plain", "0123456789".getBytes(StandardCharsets.UTF_8));
        JsonNode artifact = complete(prepared).isJson(200).json().at("/artifacts/0");
        byte[] other = new byte[60_000];

        assertForbidden(upload(prepared, "text/html", other));
        assertThat(complete(prepared).isJson(200).json().at("/artifacts/0/size").asInt())
                .isEqualTo(10);
        JsonNode run =
                Paths.queued(
                        rosa,
                        task,
                        "{\"pending_user_artifact_ids\": [" + artifact.get("id") + "]}");
        assertForbidden(upload(prepared, "text/html", other));
        Reply download =
                rosa.post(
                        Paths.run(task, run.get("id").asText()) + "artifacts/download/",
                        "{\"storage_path\": " + artifact.get("storage_path") + "}");
        assertThat(download.text()).isEqualTo("0123456789");
        rosa.delete(Paths.task(task));
        assertForbidden(upload(prepared, "text/html", other));
    }

    @Test
    void aFormIsVoidOnceItsRunHasTheArtifact() {
        String run = Paths.queued(rosa, task, "{}").get("id").asText();
        String artifacts = Paths.run(task, run) + "artifacts/";
        JsonNode prepared =
                rosa.post(
                                artifacts + "prepare_upload/",
                                "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"size\": 9}]}")
                        .isJson(200)
                        .json()
                        .at("/artifacts/0");
        upload(prepared, "text/plain", CONTENT);
        ObjectNode item = prepared.deepCopy();
        item.remove("presigned_post");
        rosa.post(artifacts + "finalize_upload/", "{\"artifacts\": [" + item + "]}").isJson(200);

        assertForbidden(upload(prepared, "text/plain", new byte[1]));
    }

    @Test
    void aFormIsVoidOnceItsTaskIsDeleted() {
        JsonNode unused = prepared("a.txt", "text/plain", 10);
        JsonNode used = prepared("a.txt", "text/plain", 10);
        upload(used, "text/plain", CONTENT);
        rosa.delete(Paths.task(task));

        assertForbidden(upload(unused, "text/plain", CONTENT));
        assertForbidden(upload(used, "text/plain", CONTENT));
        assertThat(host.objects().head(AcmeDirectory.ACME, unused.get("storage_path").textValue()))
                .isEmpty();
    }

    @Test
    void fieldsAfterTheFileAreIgnored() {
        JsonNode form = prepared("a.txt", "text/plain", 10).get("presigned_post");
        Multipart late = new Multipart().file("", new byte[1]).fields(form.get("fields"));

        assertForbidden(late.post(rosa, form.get("url").asText()));
    }

    @Test
    void anInvalidFormIsRejected() {
        String url = "/_objects";
        JsonNode form = prepared("a.txt", "text/plain", 10).get("presigned_post");

        rosa.as(null)
                .post(url, "{}")
                .isError(
                        415,
                        "invalid_request",
                        "unsupported_media_type",
                        "Unsupported media type \"application/json\" in request.",
                        null);
        new Multipart()
                .fields(form.get("fields"))
                .post(rosa, url)
                .isInvalid("required", "This field is required.", "file");
        new Multipart()
                .field("key", "a")
                .field("key", "b")
                .file("", new byte[1])
                .post(rosa, url)
                .isInvalid("invalid_input", "This field may be given once.", "key");
        new Multipart()
                .field("key", "a".repeat(20_000))
                .file("", new byte[1])
                .post(rosa, url)
                .isError(
                        413,
                        "invalid_request",
                        "request_too_large",
                        "A field of the form is larger than 16384 bytes.",
                        null);
        Multipart many = new Multipart();
        for (int i = 0; i < 60; i++) {
            many.field("f" + i, "v");
        }
        many.post(rosa, url)
                .isError(
                        413,
                        "invalid_request",
                        "request_too_large",
                        "The form has more than 50 fields.",
                        null);
    }

    @Test
    void aTruncatedFormStoresNothing() {
        JsonNode prepared = prepared("a.txt", "text/plain", 100);
        JsonNode form = prepared.get("presigned_post");
        byte[] whole = new Multipart().fields(form.get("fields")).file("", new byte[50]).toBytes();
        for (int cut : new int[] {5, 20, 100, whole.length / 2, whole.length - 40}) {
            post(Multipart.TYPE, Arrays.copyOf(whole, whole.length - cut));
        }
        post("multipart/form-data", whole);
        post("multipart/form-data; boundary=", whole);
        post("multipart/form-data; boundary=other", whole);
        post("multipart/form-data; boundary=\"" + "b".repeat(5000) + '"', whole);
        post(Multipart.TYPE, new byte[0]);
        post(
                Multipart.TYPE,
                new Multipart().part("x".repeat(100_000) + ": y", new byte[1]).toBytes());
        post(Multipart.TYPE, new Multipart().part("no colon", new byte[1]).toBytes());
        post(Multipart.TYPE, new Multipart().part("", new byte[1]).toBytes());

        complete(prepared).isEnvelope();
    }

    @Test
    void aDownloadLinkNeedsNoCredentials() {
        JsonNode prepared = prepared("a.html", "text/html", CONTENT.length);
        upload(prepared, "text/plain", CONTENT);
        String link = link(prepared.get("storage_path").asText(), "text/html;charset=utf-8");

        Reply reply = rosa.as(null).get(link);

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.bytes()).isEqualTo(CONTENT);
        assertThat(reply.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(CONTENT.length));
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"report.html\"");
        Reply head =
                rosa.as(null)
                        .send(rosa.as(null).request(link).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(CONTENT.length));
        assertThat(head.bytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/html\r\nX-Planted: 1",
                "text/ü",
                "a/b\n",
                "text/html;\u0001"
            })
    void anUnsafeContentTypeIsReplaced(String contentType) {
        String key = "tasks/artifacts/team_7/odd";
        host.objects()
                .write(
                        AcmeDirectory.ACME,
                        key,
                        new ByteArrayInputStream(CONTENT),
                        CONTENT.length,
                        "text/plain");

        Reply reply = rosa.as(null).get(link(key, contentType));

        assertThat(reply.bytes()).isEqualTo(CONTENT);
        assertThat(reply.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(reply.header("X-Planted")).isEmpty();
    }

    @Test
    void aForgedOrExpiredLinkIsRejected() {
        JsonNode prepared = prepared("a.txt", "text/plain", 3);
        upload(prepared, "text/plain", new byte[3]);
        String link = link(prepared.get("storage_path").asText(), "text/plain");

        assertForbidden(rosa.get(link.substring(0, link.lastIndexOf('.'))));
        assertForbidden(rosa.get(link + "/a"));
        assertForbidden(rosa.get(link.substring(0, link.length() - 1)));
        assertForbidden(rosa.get("/_objects/x"));
        assertForbidden(rosa.get("/_objects/a.b.c.d.e"));
        host.clock().advance(Duration.ofSeconds(60));
        assertForbidden(rosa.get(link));
    }

    @Test
    void otherMethodsAreNotAllowed() {
        Reply put = rosa.send("PUT", "/_objects", "{}");
        assertThat(put.isEnvelope().status()).isEqualTo(405);
        assertThat(put.header("Allow")).isEqualTo("POST");
        Reply delete = rosa.delete("/_objects/a/b");
        assertThat(delete.isEnvelope().status()).isEqualTo(405);
        assertThat(delete.header("Allow")).isEqualTo("GET, HEAD");
    }

    private static void post(String type, byte[] body) {
        Reply reply =
                rosa.as(null).send("POST", "/_objects", type, BodyPublishers.ofByteArray(body));
        reply.isEnvelope();
        assertThat(reply.status()).as(type + " " + reply.text()).isBetween(400, 499);
    }

    private static void assertForbidden(Reply reply) {
        assertThat(reply.isEnvelope().status()).isEqualTo(403);
        assertThat(reply.json().get("code").asText()).isEqualTo("permission_denied");
    }

    private static String link(String key, String contentType) {
        DownloadPolicy policy =
                new DownloadPolicy(
                        key, "report.html", contentType, host.clock().instant().plusSeconds(60));
        return host.objects().downloadUrl(AcmeDirectory.ACME, policy).toString();
    }

    private String uploads() {
        return Paths.task(task) + "staged_artifacts/";
    }

    private Reply prepare(String json) {
        return rosa.post(uploads() + "prepare_upload/", json);
    }

    private JsonNode prepared(String name, String contentType, int size) {
        ObjectNode item =
                Reply.JSON
                        .createObjectNode()
                        .put("name", name)
                        .put("type", "user_attachment")
                        .put("size", size)
                        .put("content_type", contentType);
        return prepare("{\"artifacts\": [" + item + "]}")
                .isJson(200)
                .json()
                .get("artifacts")
                .get(0);
    }

    private static Reply upload(JsonNode prepared, String contentType, byte[] content) {
        JsonNode form = prepared.get("presigned_post");
        return new Multipart()
                .fields(form.get("fields"))
                .file(contentType, content)
                .post(rosa, form.get("url").asText());
    }

    private Reply complete(JsonNode prepared) {
        ObjectNode item = prepared.deepCopy();
        item.remove("presigned_post");
        return rosa.post(uploads() + "finalize_upload/", "{\"artifacts\": [" + item + "]}");
    }
}
