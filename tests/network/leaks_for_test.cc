// Threads of gRPC still run when a test program ends, and what OpenSSL keeps of its errors for each of them is then
// taken for a leak now and then. Suppressed in this program only.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:CRYPTO_zalloc\nleak:ERR_add_error_vdata\nleak:CRYPTO_strndup\n";
}
