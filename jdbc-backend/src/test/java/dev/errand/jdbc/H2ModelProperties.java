package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.BackendModelProperties;

/** Random histories on H2. */
class H2ModelProperties extends BackendModelProperties {

    @Override
    protected BackendFactory factory() {
        return TestDatabase.h2(H2ModelProperties.class);
    }
}
