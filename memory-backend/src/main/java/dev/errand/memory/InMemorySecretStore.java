package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.SecretStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** The secrets of runs: each project's {@link SecretShelf}, asked at the right time. */
final class InMemorySecretStore implements SecretStore {

    private final Projects projects;
    private final Clock clock;

    InMemorySecretStore(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public void put(ProjectId project, RunId run, Map<String, Secret> secrets, Instant expiresAt) {
        projects.get(project).secrets().put(run, secrets, expiresAt, clock.instant());
    }

    @Override
    public Map<String, Secret> find(ProjectId project, RunId run) {
        return projects.find(project)
                .map(memory -> memory.secrets().find(run, clock.instant()))
                .orElseGet(Map::of);
    }

    @Override
    public void erase(ProjectId project, RunId run) {
        projects.find(project).ifPresent(memory -> memory.secrets().erase(run));
    }
}
