package dev.errand.benchmarks.request;

import dev.errand.access.Caller;
import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.wire.WireFormat;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures {@code POST run/} without the engine and storage: binds and validates a request of 419
 * bytes, and writes a response of 1.4 kB with the task and its run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "-Xms512m",
            "-Xmx512m",
            "-Dorg.jboss.logging.provider=slf4j",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RunTaskRequestBenchmark {

    private final byte[] body = Samples.RUN_TASK;
    private final TaskAnswer record = Samples.runningAnswer();
    private final TaskWithLatestRun task = Samples.running();
    private final RequestValidator requests =
            new RequestValidator(RequestValidator.defaultValidator());
    private final WireFormat wire = new ProjectHost().as(Caller.host()).wire();
    private final Validator validator =
            Validation.byDefaultProvider()
                    .configure()
                    .messageInterpolator(new ParameterMessageInterpolator())
                    .buildValidatorFactory()
                    .getValidator();

    /** Fails if the candidates produce different responses. */
    @Setup
    public void compare() throws IOException {
        byte[] plain = PlainJackson.TASK.writeValueAsBytes(record);
        if (!Arrays.equals(plain, wire.writeTask(task))) {
            throw new IllegalStateException(
                    "different responses: "
                            + new String(plain)
                            + " and "
                            + new String(wire.writeTask(task)));
        }
    }

    /** Jackson databind with hand-written checks. */
    @Benchmark
    public byte[] handChecks(Blackhole hole) throws IOException {
        RunTaskBody request = PlainJackson.RUN_TASK.readValue(body);
        List<String> problems = request.problems();
        if (problems != null) {
            throw new IllegalStateException(problems.toString());
        }
        hole.consume(request);
        return PlainJackson.TASK.writeValueAsBytes(record);
    }

    /** Jackson databind with Hibernate Validator. */
    @Benchmark
    public byte[] hibernateValidator(Blackhole hole) throws IOException {
        RunTaskBody request = PlainJackson.RUN_TASK.readValue(body);
        if (!validator.validate(request).isEmpty()) {
            throw new IllegalStateException("the request was rejected");
        }
        hole.consume(request);
        return PlainJackson.TASK.writeValueAsBytes(record);
    }

    /** Errand. */
    @Benchmark
    public byte[] errand(Blackhole hole) {
        RunTaskRequest request = wire.read(RunTaskRequest.class, body);
        requests.validate(request);
        hole.consume(request);
        return wire.writeTask(task);
    }
}
