package dev.errand.docs;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.process.AgentCommand;
import dev.errand.process.ProcessLauncher;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.Backend;
import dev.errand.task.CreateTaskRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

public class FirstRun {

    public static void main(String[] args) throws Exception {
        Backend backend = InMemoryBackend.create();
        ObjectStore objects =
                InMemoryObjectStore.create(Clock.systemUTC(), Secret.of("upload signing key"));
        Project acme = new Project(ProjectId.of(1), "Acme Mobile App");
        Path workDirectory = Files.createTempDirectory("errand");
        AgentCommand agent = AgentCommand.parse("sh -c 'echo working on: $(cat)'");

        CompletableFuture<Run> end = new CompletableFuture<>();
        RunListener listener =
                event -> {
                    if (event instanceof RunEvent.RunChanged change && change.isEnd()) {
                        end.complete(change.run());
                    }
                };

        try (Errand errand =
                        Errand.builder(backend, objects, ProjectDirectory.of(acme))
                                .listener(listener)
                                .build();
                SandboxLauncher launcher = ProcessLauncher.builder(workDirectory, agent).build();
                Dispatcher dispatcher = errand.dispatcher(launcher, DispatchOptions.of("node-1"))) {
            dispatcher.start();

            ProjectClient project = errand.project(acme.id(), Caller.host());
            var task = CreateTaskRequest.builder().description("Fix the empty cart").build();
            project.tasks().createAndRun(task, RunTaskRequest.builder().build());

            Run run = end.get(1, TimeUnit.MINUTES);
            System.out.println(run.status());
            project.runs()
                    .readLog(run.task(), run.id(), 0, 100)
                    .forEach(line -> System.out.println(line.json()));
        }
    }
}
