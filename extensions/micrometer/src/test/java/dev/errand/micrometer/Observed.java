package dev.errand.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remembers the observations that were stopped, and counts those that were not. */
final class Observed implements ObservationHandler<Observation.Context> {

    /** One that was stopped. */
    record One(String name, Map<String, String> low, Map<String, String> high, Throwable error) {}

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<One> stopped = new ArrayList<>();
    private int open;

    Observed() {
        registry.observationConfig().observationHandler(this);
    }

    ObservationRegistry registry() {
        return registry;
    }

    List<One> stopped(String name) {
        return stopped.stream().filter(one -> one.name().equals(name)).toList();
    }

    int open() {
        return open;
    }

    @Override
    public void onStart(Observation.Context context) {
        open++;
    }

    @Override
    public void onStop(Observation.Context context) {
        open--;
        stopped.add(
                new One(
                        context.getName(),
                        values(context.getLowCardinalityKeyValues()),
                        values(context.getHighCardinalityKeyValues()),
                        context.getError()));
    }

    private static Map<String, String> values(Iterable<KeyValue> keyValues) {
        Map<String, String> values = new TreeMap<>();
        keyValues.forEach(one -> values.put(one.getKey(), one.getValue()));
        return values;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return true;
    }
}
