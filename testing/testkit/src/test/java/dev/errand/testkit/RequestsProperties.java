package dev.errand.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.internal.wire.RequestValidator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Generated valid requests are accepted, and invalid ones rejected with the expected error. */
class RequestsProperties {

    private static final RequestValidator VALIDATOR =
            new RequestValidator(RequestValidator.defaultValidator());
    private static final RequestBinder BINDER = new RequestBinder(VALIDATOR);

    @Property(tries = 600)
    void validRequestsAreAccepted(@ForAll("bodies") Body body) {
        assertThat(validated(body.type(), body.json())).isInstanceOf(body.type());
    }

    @Property(tries = 1_500)
    void invalidRequestsAreRejectedWithTheExpectedError(@ForAll("rejected") RejectedRequest body) {
        InvalidRequestException refused =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> validated(body.request(), body.json()));

        assertThat(refused).as(body.json()).isNotNull();
        List<Violation> violations = refused.violations();
        assertThat(violations).as(body.json()).hasSize(1);
        assertThat(violations.get(0).code()).isEqualTo(body.code());
        assertThat(violations.get(0).attr()).isEqualTo(Optional.of(body.attr()));
    }

    private static Record validated(Class<? extends Record> type, String json) {
        Record request = BINDER.read(type, json.getBytes(StandardCharsets.UTF_8));
        VALIDATOR.validate(request);
        return request;
    }

    /** A body and its request type. */
    record Body(Class<? extends Record> type, String json) {}

    @Provide
    Arbitrary<Body> bodies() {
        return Arbitraries.oneOf(
                Requests.types().stream()
                        .map(type -> Requests.validJson(type).map(json -> new Body(type, json)))
                        .toList());
    }

    @Provide
    Arbitrary<RejectedRequest> rejected() {
        return Arbitraries.oneOf(Requests.types().stream().map(Requests::rejected).toList());
    }
}
