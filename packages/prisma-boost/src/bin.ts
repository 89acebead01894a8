#!/usr/bin/env node
import { runGenerator } from '@boost/generator/bin';

runGenerator();
