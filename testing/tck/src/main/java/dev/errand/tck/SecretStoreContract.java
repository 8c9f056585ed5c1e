package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.SecretStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link SecretStore} (docs/wire/user-authorship.md#e4,
 * docs/invariants.md#i8).
 */
public abstract class SecretStoreContract extends StorageContract {

    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    private Instant end;
    private RunId run;

    /** Constructor for subclasses. */
    protected SecretStoreContract() {}

    @BeforeEach
    @Override
    public void openTwoNodes() {
        super.openTwoNodes();
        end = clock.instant().plus(Duration.ofHours(6));
        run = insert(aRun(insert(aTask()))).id();
    }

    /** docs/wire/user-authorship.md#e4: stored secrets are found by run. */
    @Test
    public void secretsAreFoundByName() {
        Map<String, Secret> secrets = Map.of("github", Secret.of("ghp_1"), "api", Secret.of("–"));
        node.secrets().put(PROJECT, run, secrets, end);

        assertThat(otherNode.secrets().find(PROJECT, run)).isEqualTo(secrets);
    }

    /** {@code put}: the run need not exist yet. */
    @Test
    public void secretsMayBeStoredBeforeTheRun() {
        RunId planned = RunId.of(UUID.randomUUID());
        Map<String, Secret> secrets = Map.of("github", Secret.of("ghp_1"));
        node.secrets().put(PROJECT, planned, secrets, end);

        assertThat(node.secrets().find(PROJECT, planned)).isEqualTo(secrets);
    }

    /** {@code put}: replaces secrets of the same name. */
    @Test
    public void aSecretReplacesOnlyTheOneOfItsName() {
        node.secrets().put(PROJECT, run, Map.of("a", Secret.of("1"), "b", Secret.of("2")), end);
        otherNode
                .secrets()
                .put(PROJECT, run, Map.of("b", Secret.of("3"), "c", Secret.of("4")), end);

        assertThat(node.secrets().find(PROJECT, run))
                .isEqualTo(Map.of("a", Secret.of("1"), "b", Secret.of("3"), "c", Secret.of("4")));
    }

    /** {@code put}: a secret is readable until exactly its expiry. */
    @Test
    public void anExpiredSecretIsNotReturned() {
        node.secrets().put(PROJECT, run, Map.of("a", Secret.of("1")), end);

        clock.set(end.minus(MICROSECOND));
        assertThat(node.secrets().find(PROJECT, run)).hasSize(1);
        clock.set(end);
        assertThat(node.secrets().find(PROJECT, run)).isEmpty();
    }

    /** {@code put}: each secret expires at the time given when it was last stored. */
    @Test
    public void eachSecretHasItsOwnExpiry() {
        Instant sooner = end.minusSeconds(60);
        Instant later = end.plusSeconds(60);
        node.secrets()
                .put(PROJECT, run, Map.of("long", Secret.of("1"), "cut", Secret.of("2")), end);
        node.secrets().put(PROJECT, run, Map.of("cut", Secret.of("3")), sooner);
        node.secrets().put(PROJECT, run, Map.of("longer", Secret.of("4")), sooner);
        node.secrets().put(PROJECT, run, Map.of("longer", Secret.of("5")), later);

        clock.set(sooner);
        assertThat(node.secrets().find(PROJECT, run))
                .isEqualTo(Map.of("long", Secret.of("1"), "longer", Secret.of("5")));
        clock.set(end);
        assertThat(node.secrets().find(PROJECT, run)).isEqualTo(Map.of("longer", Secret.of("5")));
        clock.set(later);
        assertThat(node.secrets().find(PROJECT, run)).isEmpty();
    }

    /** {@code erase}: erases secrets permanently; a retry is safe. */
    @Test
    public void erasedSecretsAreNotReturned() {
        RunId other = insert(aRun(insert(aTask()))).id();
        node.secrets().put(PROJECT, run, Map.of("a", Secret.of("1")), end);
        node.secrets().put(PROJECT, other, Map.of("b", Secret.of("2")), end);

        otherNode.secrets().erase(PROJECT, run);
        otherNode.secrets().erase(PROJECT, run);

        assertThat(node.secrets().find(PROJECT, run)).isEmpty();
        assertThat(node.secrets().find(PROJECT, other)).hasSize(1);
    }

    /**
     * docs/invariants.md#i5: the secrets of a run cannot be read from another project, even with
     * the correct id.
     */
    @Test
    public void secretsAreIsolatedBetweenProjects() {
        insert(OTHER_PROJECT, aTask());
        node.secrets().put(PROJECT, run, Map.of("a", Secret.of("1")), end);

        assertThat(node.secrets().find(OTHER_PROJECT, run)).isEmpty();
        node.secrets().erase(OTHER_PROJECT, run);
        assertThat(node.secrets().find(PROJECT, run)).hasSize(1);
    }

    /** docs/invariants.md#i8: the text of a result does not contain a secret. */
    @Test
    public void noResultRevealsASecretAsText() {
        node.secrets().put(PROJECT, run, Map.of("a", Secret.of("ghp_visible")), end);

        assertThat(node.secrets().find(PROJECT, run).toString()).doesNotContain("ghp_visible");
        assertThat(node.secrets().toString()).doesNotContain("ghp_visible");
    }
}
