//! Life support, power, heat, attitude: parameters in, rates and limits out.
